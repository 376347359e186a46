//! Tests of the table of routes.

use super::{Access, Queue, SERVER_FUNCTIONS, build_route_map, route_table};

#[test]
fn everything_that_strangers_may_send_waits_in_a_queue() {
    let open = |access| matches!(access, Access::Public | Access::Demonstration);
    let own = "/editions/{edition}/vote/{poll}/check";
    for route in route_table().into_iter().filter(|route| open(route.rules.access)) {
        // Changing the look asks no database, and ballots have their own queue.
        let free = route.path == "/look" || route.path == own;
        assert!(route.rules.queue.is_some(), "{}", route.path);
        assert_eq!(route.rules.form_queue.is_none(), free, "{}", route.path);
    }
    let saves = build_route_map().find_route(&SERVER_FUNCTIONS.replace("{*function}", "save"));
    assert_eq!(saves.rules.form_queue, Some(Queue::Save));
}
