//! Turns an uploaded file into a picture that is safe to show. It is pure and slow, and it trusts
//! nothing in the file.

use std::io::Cursor;

use domain::limits;
use domain::refusal::{CaseRefusal, Refusal};
use fast_image_resize::Resizer;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, RgbImage};
use moxcms::{ColorProfile, Layout, TransformOptions};

/// Quality of 100. On a photograph there is no visible difference, at a fifth of the bytes.
const JPEG_QUALITY: u8 = 82;

/// A picture ready to be stored. It is always a JPEG.
pub(crate) struct ShrunkPicture {
    pub(crate) bytes: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Decodes a JPEG, PNG or WebP file, shrinks it, turns it upright and encodes it as a plain JPEG.
pub(super) fn shrink_to_jpeg(file: &[u8]) -> Result<ShrunkPicture, Refusal> {
    let DecodedPicture { picture, orientation, profile } = decode_within_limits(file)?;
    // Shrink first, because converting and turning a small picture costs almost nothing.
    let mut picture = fit_to_longest_side(picture)?;
    if let Some(profile) = profile {
        convert_to_srgb(&mut picture, &profile);
    }
    picture.apply_orientation(orientation);
    let picture = flatten_on_white(picture);
    let (width, height) = picture.dimensions();
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode_image(&picture)
        .map_err(|_| Refusal::Case(CaseRefusal::NotAPicture))?;
    Ok(ShrunkPicture { bytes, width, height })
}

/// A picture as it is in its file.
struct DecodedPicture {
    picture: DynamicImage,
    orientation: Orientation,
    /// What its colours mean (ICC); `None` for sRGB.
    profile: Option<Vec<u8>>,
}

/// Decodes the file. Checks the size that the file claims before any pixel is decoded, and that the file
/// is whole: decoders fill up half a JPEG with grey.
fn decode_within_limits(file: &[u8]) -> Result<DecodedPicture, Refusal> {
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|_| Refusal::Case(CaseRefusal::NotAPicture))?;
    let whole = match reader.format() {
        Some(ImageFormat::Jpeg) => is_whole_jpeg(file),
        Some(ImageFormat::Png | ImageFormat::WebP) => true,
        _ => false,
    };
    if !whole {
        return Err(Refusal::Case(CaseRefusal::NotAPicture));
    }
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits::PICTURE_MEMORY_BYTES);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(|error| decode_refusal(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits::PICTURE_PIXELS || decoder.total_bytes() > limits::PICTURE_MEMORY_BYTES {
        return Err(Refusal::Case(CaseRefusal::PictureTooLarge));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let picture = DynamicImage::from_decoder(decoder).map_err(|error| decode_refusal(&error))?;
    Ok(DecodedPicture { picture, orientation, profile })
}

/// Whether the scans of a JPEG have their end (EOI). What cameras put behind it does not matter, and the
/// ends inside a preview picture do not count: those segments are skipped (ITU T.81, annex B).
fn is_whole_jpeg(file: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker]) = file.get(at..at + 2) {
        match marker {
            // Padding before a marker.
            0xFF => at += 1,
            // The first scan: from here on the end can only be the picture's own.
            0xDA => return file[at..].windows(2).any(|pair| pair == [0xFF, 0xD9]),
            _ => {
                let Some(&[high, low]) = file.get(at + 2..at + 4) else { return false };
                at += 2 + usize::from(u16::from_be_bytes([high, low]));
            }
        }
    }
    false
}

/// Converts the colours of a profile, such as Display P3 of a telephone, to sRGB, which browsers assume for
/// a picture without one. A profile that cannot be read changes nothing.
fn convert_to_srgb(picture: &mut DynamicImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    let srgb = ColorProfile::new_srgb();
    let layout = if picture.color().has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let options = TransformOptions::default();
    let Ok(transform) = profile.create_transform_8bit(layout, &srgb, layout, options) else {
        return;
    };
    let mut convert = |pixels: &mut Vec<u8>| {
        let mut converted = vec![0; pixels.len()];
        if transform.transform(pixels, &mut converted).is_ok() {
            *pixels = converted;
        }
    };
    match picture {
        DynamicImage::ImageRgb8(picture) => convert_pixels(picture, &mut convert),
        DynamicImage::ImageRgba8(picture) => convert_pixels(picture, &mut convert),
        _ => {}
    }
}

fn convert_pixels<P: image::Pixel<Subpixel = u8>>(
    picture: &mut image::ImageBuffer<P, Vec<u8>>,
    convert: &mut impl FnMut(&mut Vec<u8>),
) {
    let (width, height) = picture.dimensions();
    let mut pixels = std::mem::take(picture).into_raw();
    convert(&mut pixels);
    if let Some(converted) = image::ImageBuffer::from_raw(width, height, pixels) {
        *picture = converted;
    }
}

fn decode_refusal(error: &ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::Case(CaseRefusal::PictureTooLarge),
        _ => Refusal::Case(CaseRefusal::NotAPicture),
    }
}

/// Shrinks the picture to the longest side allowed. Keeps the shape, with 8 bits for each colour.
fn fit_to_longest_side(picture: DynamicImage) -> Result<DynamicImage, Refusal> {
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    let (width, height) = (picture.width(), picture.height());
    let long = width.max(height);
    if long <= limits::PICTURE_SIDE {
        return Ok(picture);
    }
    let side = |length: u32| {
        let scaled = u64::from(length) * u64::from(limits::PICTURE_SIDE) / u64::from(long);
        u32::try_from(scaled).unwrap_or(limits::PICTURE_SIDE).max(1)
    };
    let mut small = DynamicImage::new(side(width), side(height), picture.color());
    Resizer::new()
        .resize(&picture, &mut small, None)
        .map_err(|_| Refusal::Case(CaseRefusal::NotAPicture))?;
    Ok(small)
}

/// Puts the picture on a white ground, because JPEG has no transparency.
fn flatten_on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        let blend = |colour: u8| {
            let mixed = u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([blend(red), blend(green), blend(blue)])
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use domain::refusal::{CaseRefusal, Refusal};
    use image::{
        DynamicImage, GrayImage, ImageEncoder as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage,
    };

    use super::shrink_to_jpeg;

    fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
        bytes
    }

    /// Makes a JPEG of this size, red on the left and blue on the right.
    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgb([255, 0, 0]) } else { Rgb([0, 0, 255]) }
        });
        file(picture, ImageFormat::Jpeg)
    }

    /// Returns the file with camera metadata in it: a turn by 90 degrees, and coordinates.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
        // One entry: orientation (0x0112), type short, count 1, value 6 (turn right).
        exif.extend(b"\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0");
        exif.extend(b"36.3504N 127.3845E");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    fn contains(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_large_picture_is_shrunk_and_keeps_its_shape() {
        let small = shrink_to_jpeg(&jpeg(3200, 1000)).unwrap();
        assert_eq!((small.width, small.height), (1600, 500));
        assert_eq!(image::guess_format(&small.bytes).unwrap(), ImageFormat::Jpeg);
    }

    #[test]
    fn what_the_camera_noted_turns_the_picture_and_is_gone() {
        let noted = with_exif(&jpeg(80, 40));
        assert!(contains(&noted, b"36.3504N"));
        let upright = shrink_to_jpeg(&noted).unwrap();
        assert_eq!((upright.width, upright.height), (40, 80));
        assert!(!contains(&upright.bytes, b"36.3504N") && !contains(&upright.bytes, b"Exif"));
        let seen = image::load_from_memory(&upright.bytes).unwrap().into_rgb8();
        assert!(seen.get_pixel(20, 5).0[0] > 200, "the left side is on top after turning right");
    }

    #[test]
    fn what_shines_through_becomes_white() {
        let clear = RgbaImage::from_pixel(16, 16, Rgba([10, 20, 30, 0]));
        let shrunk = shrink_to_jpeg(&file(clear, ImageFormat::Png)).unwrap();
        let seen = image::load_from_memory(&shrunk.bytes).unwrap().into_rgb8();
        assert!(seen.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
    }

    #[test]
    fn webp_is_read_too() {
        let picture = RgbImage::from_pixel(8, 8, Rgb([0, 128, 0]));
        assert!(shrink_to_jpeg(&file(picture, ImageFormat::WebP)).is_ok());
    }

    #[test]
    fn a_file_that_claims_to_be_huge_is_refused_before_it_is_unpacked() {
        let mut bomb = jpeg(8, 8);
        let frame = bomb.windows(2).position(|mark| mark == [0xff, 0xc0]).unwrap();
        bomb[frame + 5..frame + 9].copy_from_slice(&[0xff, 0x00, 0xff, 0x00]);
        assert!(matches!(shrink_to_jpeg(&bomb), Err(Refusal::Case(CaseRefusal::PictureTooLarge))));
        let wide = file(GrayImage::new(20_001, 2_000), ImageFormat::Png);
        assert!(wide.len() < 1_000_000, "forty megapixels in a small file");
        assert!(matches!(shrink_to_jpeg(&wide), Err(Refusal::Case(CaseRefusal::PictureTooLarge))));
    }

    #[test]
    fn what_is_no_picture_is_refused_whatever_it_calls_itself() {
        let gif = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0;".as_slice();
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".as_slice();
        let cut = &jpeg(400, 400)[..60];
        for no_picture in [gif, svg, cut, b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"] {
            assert!(matches!(
                shrink_to_jpeg(no_picture),
                Err(Refusal::Case(CaseRefusal::NotAPicture))
            ));
        }
    }

    #[test]
    fn a_picture_that_ends_early_is_refused() {
        let picture = RgbImage::from_fn(64, 64, |x, y| {
            let shade = u8::try_from((x * 7 + y * 13) % 251).unwrap();
            Rgb([shade, 255 - shade, shade / 2])
        });
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let whole = file(picture.clone(), format);
            assert!(shrink_to_jpeg(&whole).is_ok(), "{format:?}");
            for part in [2, 4, 10] {
                let cut = &whole[..whole.len() - whole.len() / part];
                let refused = shrink_to_jpeg(cut).err();
                assert_eq!(refused, Some(Refusal::Case(CaseRefusal::NotAPicture)), "{format:?}");
            }
        }
        // A preview inside the file has an end of its own, and some cameras write behind the picture.
        let with_preview = with_exif(&file(picture.clone(), ImageFormat::Jpeg));
        assert!(shrink_to_jpeg(&[with_preview.as_slice(), b"more of the camera"].concat()).is_ok());
    }

    #[test]
    fn the_colours_of_a_telephone_are_kept() {
        let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        let green = RgbImage::from_pixel(32, 32, Rgb([60, 200, 60]));
        let with_profile = |format: ImageFormat| {
            let mut bytes = Vec::new();
            match format {
                ImageFormat::Png => {
                    let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
                    encoder.set_icc_profile(profile.clone()).unwrap();
                    green.write_with_encoder(encoder).unwrap();
                }
                _ => {
                    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
                    encoder.set_icc_profile(profile.clone()).unwrap();
                    green.write_with_encoder(encoder).unwrap();
                }
            }
            bytes
        };
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let shrunk = shrink_to_jpeg(&with_profile(format)).unwrap();
            let seen = image::load_from_memory(&shrunk.bytes).unwrap().into_rgb8();
            let Rgb([red, green, _]) = *seen.get_pixel(16, 16);
            // The same light in sRGB has hardly any red, and more green.
            assert!(red < 20 && green > 200, "{format:?}: {:?}", seen.get_pixel(16, 16));
        }
        let plain = shrink_to_jpeg(&file(green.clone(), ImageFormat::Png)).unwrap();
        let seen = image::load_from_memory(&plain.bytes).unwrap().into_rgb8();
        assert!(seen.get_pixel(16, 16).0[0] > 50, "without a profile nothing changes");
    }
}
