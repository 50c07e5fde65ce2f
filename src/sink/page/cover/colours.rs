//! The colours of a cover: a family of one hue, in OKLCH, where the same number is as light in every hue
//! (B. Ottosson, "A perceptual color space for image processing", 2020: the numbers of the conversion are from there).

use std::f64::consts::PI;

/// Red, green and blue, from 0 to 255.
pub(super) type Rgb = [u8; 3];

/// Bands of the sky, from the edge to the sun.
pub(super) const BANDS: usize = 7;

/// Hues of the nearest wave, in degrees. Those between are left out: dark, they are brown and olive, which nobody takes for a
/// colour of its own.
const HUES: [f64; 12] = [0.0, 22.0, 150.0, 172.0, 195.0, 220.0, 245.0, 268.0, 292.0, 315.0, 338.0, 352.0];

/// Everything's colour.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Palette {
    /// From the edge to the sun.
    pub(super) sky: [Rgb; BANDS],
    pub(super) sun: Rgb,
    pub(super) ridge: Rgb,
    /// From the back to the front.
    pub(super) waves: [Rgb; super::WAVES],
}

impl Palette {
    /// The colours for a number, and for how high the body is in the mean: from night (0) to day (1).
    pub(super) fn new(number: u64, day: f64) -> Palette {
        let hue = HUES[(number % HUES.len() as u64) as usize] * PI / 180.0;
        let (edge, glow) = (0.32 + 0.30 * day, 0.70 + 0.16 * day);
        let sky = std::array::from_fn(|band| {
            let near = band as f64 / (BANDS - 1) as f64;
            oklch(edge + (glow - edge) * libm::pow(near, 1.2), 0.085 + 0.02 * near, hue + 0.15 + 0.75 * near)
        });
        let waves = std::array::from_fn(|wave| {
            let near = wave as f64 / (super::WAVES - 1) as f64;
            let light = (glow - 0.24) * (1.0 - near) + (0.27 + 0.04 * day) * near;
            oklch(light, 0.1 - 0.035 * near, hue + 0.45 * (1.0 - near))
        });
        Palette { sky, sun: oklch(0.95, 0.055, 1.45), ridge: oklch(glow - 0.15, 0.1, hue + 0.6), waves }
    }
}

/// A colour by lightness (0 to 1), chroma and hue (radians); where a screen has none that vivid, one less so.
fn oklch(light: f64, chroma: f64, hue: f64) -> Rgb {
    // Within rounding of what a screen has.
    const MARGIN: f64 = 1e-4;
    let mut chroma = chroma;
    loop {
        let linear = linear(light, chroma * libm::cos(hue), chroma * libm::sin(hue));
        let is_shown = linear.iter().all(|part| (-MARGIN..=1.0 + MARGIN).contains(part));
        if is_shown || chroma < 1e-3 {
            return linear.map(encoded);
        }
        chroma *= 0.95;
    }
}

/// OKLAB as linear red, green and blue.
fn linear(light: f64, a: f64, b: f64) -> [f64; 3] {
    let cube = |root: f64| root * root * root;
    let long = cube(light + 0.396_337_777_4 * a + 0.215_803_757_3 * b);
    let medium = cube(light - 0.105_561_345_8 * a - 0.063_854_172_8 * b);
    let short = cube(light - 0.089_484_177_5 * a - 1.291_485_548_0 * b);
    [
        4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short,
    ]
}

/// A linear part as sRGB has it (IEC 61966-2-1).
fn encoded(linear: f64) -> u8 {
    let linear = linear.clamp(0.0, 1.0);
    let curved = if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * libm::pow(linear, 1.0 / 2.4) - 0.055 };
    (255.0 * curved).round() as u8
}

/// A colour that covers another to a share.
pub(super) fn mixed(under: Rgb, over: Rgb, share: f64) -> Rgb {
    std::array::from_fn(|part| (f64::from(under[part]) * (1.0 - share) + f64::from(over[part]) * share).round() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_what_the_space_says_and_never_more_than_a_screen_has() {
        assert_eq!(oklch(1.0, 0.0, 0.0), [255; 3]);
        assert_eq!(oklch(0.0, 0.0, 0.0), [0; 3]);
        // Pure red lies at 0.628, 0.2577 and 29.23 degrees.
        assert_eq!(oklch(0.627_96, 0.257_68, 29.234 * PI / 180.0), [255, 0, 0]);
        let far = oklch(0.6, 0.5, 2.5);
        assert!(far[1] > far[0] && far[1] > far[2], "{far:?} is green still");
    }

    #[test]
    fn what_is_nearer_is_darker_in_every_hue() {
        let light = |colour: Rgb| 2 * u32::from(colour[0]) + 5 * u32::from(colour[1]) + u32::from(colour[2]);
        for (number, day) in (0..HUES.len() as u64).flat_map(|number| [(number, 0.1), (number, 0.9)]) {
            let Palette { sky, sun, ridge, waves } = Palette::new(number, day);
            let all: Vec<_> = [sun, sky[BANDS - 1], ridge].into_iter().chain(waves).map(light).collect();
            assert!(all.windows(2).all(|pair| pair[0] > pair[1] + 40), "{number} {day}: {all:?}");
        }
    }
}
