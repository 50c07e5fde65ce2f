//! A cover as pixels. Every shape is a curve over the width or a circle, so how much of a pixel it covers is told by how far
//! its edge is; a pixel is one of at most 256 colours, which a PNG holds as a byte each.

use super::colours::{BANDS, Rgb, mixed};
use super::{Cover, WAVES};

/// How wide the picture is, in seconds of breath: two breaths of six a minute.
const WIDE_SECONDS: f64 = 20.0;
/// The narrowest breath, as a share of the width: a narrower one would be a comb at the size of a thumb.
const NARROWEST: f64 = 0.2;
/// How far each wave is along its breath from the one behind it.
const SHIFT: f64 = 0.31;
/// Where the middle of the hindmost wave lies, and how far apart they are; all shares of the height, from the top.
const FIRST_WAVE: f64 = 0.6;
const WAVE_APART: f64 = 0.088;
/// The lowest place of the ridge, and how much higher it is where one stands.
const HORIZON: f64 = 0.535;
const RIDGE: f64 = 0.27;
/// The radius of the sun, and how far its middle is above the ridge.
const SUN: f64 = 0.14;
const SUN_ABOVE: f64 = 0.045;

/// Shapes: the bands of the sky, the sun, the ridge and the waves, each before the one that stands before it here.
const SHAPES: usize = BANDS + 2 + WAVES;
const SUN_SHAPE: usize = BANDS;
const RIDGE_SHAPE: usize = BANDS + 1;

/// Steps between a shape and the one behind it, on the edge.
const STEPS: usize = 8;

/// A curve over the width, in pixels from the top: where it is in the middle of each column, and how much of a row is one step
/// across its edge there.
struct Edge {
    rows: Vec<f64>,
    steepness: Vec<f64>,
}

impl Edge {
    /// From a curve in shares of the side.
    fn new(side: u32, curve: impl Fn(f64) -> f64) -> Edge {
        let size = f64::from(side);
        let at = |column: f64| size * curve((column + 0.5) / size);
        let rows = (0..side).map(|column| at(f64::from(column))).collect();
        let slope = |column: f64| (at(column + 0.5) - at(column - 0.5)).abs();
        let steepness = |column: u32| {
            let slope = slope(f64::from(column));
            1.0 / (1.0 + slope * slope).sqrt()
        };
        Edge { rows, steepness: (0..side).map(steepness).collect() }
    }

    /// How much of a pixel lies below it, from 0 to 1.
    fn covers(&self, column: usize, row: f64) -> f64 {
        (0.5 + (row + 0.5 - self.rows[column]) * self.steepness[column]).clamp(0.0, 1.0)
    }
}

/// The shapes of a cover, at a size.
struct Scene {
    /// The sun's middle, and the radius of each band of the sky but the outermost, and of the sun: the innermost last.
    middle: [f64; 2],
    radii: [f64; BANDS],
    /// The ridge and the waves: the foremost last.
    edges: Vec<Edge>,
}

impl Scene {
    fn new(cover: &Cover, side: u32) -> Scene {
        let size = f64::from(side);
        let lowest = cover.heights.iter().copied().fold(1.0, f64::min);
        let ridge = |x: f64| HORIZON - RIDGE * (between(&cover.heights, x) - lowest);
        let mut edges = vec![Edge::new(side, ridge)];
        for (number, breath) in cover.waves.iter().enumerate() {
            let middle = FIRST_WAVE + WAVE_APART * number as f64;
            let swing = 0.05 + 0.035 * number as f64 / (WAVES - 1) as f64;
            let shift = SHIFT * number as f64;
            edges.push(Edge::new(side, |x| match breath {
                Some(breath) => middle + swing * (0.5 - air(breath, x, shift)),
                None => middle,
            }));
        }
        // Each band is a little wider than the one within.
        let radii = std::array::from_fn(|band| {
            let out = (BANDS - 1 - band) as f64;
            size * (SUN + out * (0.085 + 0.012 * out))
        });
        Scene { middle: [size * cover.sun, size * (ridge(cover.sun) - SUN_ABOVE)], radii, edges }
    }

    /// The shape that is seen in a pixel, what is behind it, and in how many steps of [`STEPS`] it covers that.
    fn seen(&self, column: usize, row: usize) -> (usize, usize, usize) {
        let mut edge = None;
        let mut behind = |shape: usize, covered: f64| -> Option<(usize, usize, usize)> {
            let steps = (covered * STEPS as f64).round() as usize;
            match edge {
                _ if steps == 0 => None,
                Some((over, steps)) => Some((over, shape, steps)),
                None if steps == STEPS => Some((shape, shape, STEPS)),
                None => {
                    edge = Some((shape, steps));
                    None
                }
            }
        };
        for (number, line) in self.edges.iter().enumerate().rev() {
            if let Some(seen) = behind(RIDGE_SHAPE + number, line.covers(column, row as f64)) {
                return seen;
            }
        }
        let [x, y] = [column as f64 + 0.5 - self.middle[0], row as f64 + 0.5 - self.middle[1]];
        let away = (x * x + y * y).sqrt();
        for (circle, radius) in self.radii.iter().enumerate().rev() {
            // The outermost band is all that is left, and no circle.
            if let Some(seen) = behind(circle + 1, (0.5 + radius - away).clamp(0.0, 1.0)) {
                return seen;
            }
        }
        behind(0, 1.0).unwrap_or((0, 0, STEPS))
    }
}

/// A value between heights that are spread over the width.
fn between(heights: &[f64], x: f64) -> f64 {
    let place = (x * heights.len() as f64 - 0.5).clamp(0.0, heights.len() as f64 - 1.0);
    let (before, share) = (place as usize, place.fract());
    let after = heights.get(before + 1).unwrap_or(&heights[before]);
    heights[before] * (1.0 - share) + after * share
}

/// How much air there is in a breath (seconds in, full, out, empty), from 0 to 1, at a place of the width; `shift` is in breaths.
fn air(breath: &[f64; 4], x: f64, shift: f64) -> f64 {
    let length: f64 = breath.iter().sum();
    let breaths = x / (length / WIDE_SECONDS).max(NARROWEST) - shift;
    let mut at = (breaths - libm::floor(breaths)) * length;
    let eased = |share: f64| 0.5 - 0.5 * libm::cos(std::f64::consts::PI * share);
    let [inhale, full, exhale, _] = *breath;
    if at < inhale {
        return eased(at / inhale);
    }
    at -= inhale;
    if at < full {
        return 1.0;
    }
    at -= full;
    if at < exhale { eased(1.0 - at / exhale) } else { 0.0 }
}

/// The colours that are used, in the order in which they come.
struct Used {
    shapes: [Rgb; SHAPES],
    numbers: Vec<Option<u8>>,
    colours: Vec<Rgb>,
}

impl Used {
    fn new(cover: &Cover) -> Used {
        let palette = &cover.palette;
        let all = palette.sky.iter().chain([&palette.sun, &palette.ridge]).chain(&palette.waves);
        let mut shapes = [[0; 3]; SHAPES];
        shapes.iter_mut().zip(all).for_each(|(shape, colour)| *shape = *colour);
        debug_assert!(shapes[SUN_SHAPE] == palette.sun);
        // Whole shapes come first, so that there is a colour for whatever no more fit for.
        let mut numbers = vec![None; SHAPES * SHAPES * (STEPS + 1)];
        (0..SHAPES).for_each(|shape| numbers[Used::place(shape, shape, STEPS)] = Some(shape as u8));
        Used { shapes, numbers, colours: shapes.to_vec() }
    }

    fn place(over: usize, behind: usize, steps: usize) -> usize {
        (over * SHAPES + behind) * (STEPS + 1) + steps
    }

    /// The number of a colour.
    fn number(&mut self, (over, behind, steps): (usize, usize, usize)) -> u8 {
        let place = Used::place(over, behind, steps);
        if let Some(number) = self.numbers[place] {
            return number;
        }
        let number = match u8::try_from(self.colours.len()) {
            Ok(number) => {
                let share = steps as f64 / STEPS as f64;
                self.colours.push(mixed(self.shapes[behind], self.shapes[over], share));
                number
            }
            Err(_) => (if 2 * steps < STEPS { behind } else { over }) as u8,
        };
        self.numbers[place] = Some(number);
        number
    }
}

/// The picture as a PNG.
pub(super) fn png(cover: &Cover, side: u32) -> Vec<u8> {
    let (scene, mut used) = (Scene::new(cover, side), Used::new(cover));
    let places = (0..side as usize).flat_map(|row| (0..side as usize).map(move |column| (column, row)));
    let pixels: Vec<u8> = places.map(|(column, row)| used.number(scene.seen(column, row))).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(used.colours.concat());
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    encoder.set_compression(png::Compression::Balanced);
    encoder.set_filter(png::Filter::NoFilter);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    // Memory takes all that is written.
    debug_assert!(written.is_ok(), "{written:?}");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_has_the_parts_of_its_breath() {
        // Four seconds in, two full, six out, and eight empty: the whole width.
        let breath = [4.0, 2.0, 6.0, 8.0];
        let at = |seconds: f64| air(&breath, seconds / WIDE_SECONDS, 0.0);
        assert_eq!((at(0.0), at(4.5), at(5.9), at(12.5), at(19.0)), (0.0, 1.0, 1.0, 0.0, 0.0));
        assert!((at(2.0) - 0.5).abs() < 1e-9 && (at(9.0) - 0.5).abs() < 1e-9);
        assert!((air(&breath, 0.35, 0.25) - at(2.0)).abs() < 1e-9, "a quarter of a breath further");
    }

    #[test]
    fn an_edge_covers_half_of_the_pixel_that_it_cuts() {
        let edge = Edge::new(100, |_| 0.505);
        assert_eq!([49.0, 50.0, 51.0].map(|row| edge.covers(7, row)), [0.0, 0.5, 1.0]);
    }
}
