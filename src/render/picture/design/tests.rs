//! The palette holds for everybody: by contrast, and for those who see fewer colours.

use super::colour::{AMOUNT, CARD, QUIET, TARGET, TEXT, TRACK, WEIGHTED};

/// Red, green and blue, linear, 0 to 1.
type Light = [f64; 3];

/// What an eye makes of light: one of three cones missing, or none. Machado, Oliveira and Fernandes (2009), of full
/// severity.
const EYES: [(&str, [Light; 3]); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protanopia", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    (
        "deuteranopia",
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    ),
    ("tritanopia", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

fn light(colour: &str) -> Light {
    [1, 3, 5].map(|at| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn seen(eye: &[Light; 3], colour: &str) -> Light {
    let light = light(colour);
    eye.map(|row| row.iter().zip(light).map(|(part, of)| part * of).sum::<f64>().clamp(0.0, 1.0))
}

/// As WCAG 2 defines it.
fn contrast(eye: &[Light; 3], one: &str, other: &str) -> f64 {
    let luminance = |colour| {
        let [red, green, blue] = seen(eye, colour);
        0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05
    };
    let (one, other) = (luminance(one), luminance(other));
    one.max(other) / one.min(other)
}

/// How far apart two colours are seen in CIE 1976 L*a*b*: from about 2 they are told apart side by side.
fn distance(eye: &[Light; 3], one: &str, other: &str) -> f64 {
    let place = |colour| {
        let [r, g, b] = seen(eye, colour);
        let root = |t: f64| if t > 0.008856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
        let y = root(0.2126 * r + 0.7152 * g + 0.0722 * b);
        let z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    };
    place(one).iter().zip(place(other)).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn marks_stand_out_from_the_ground_and_from_each_other_for_every_eye() {
    for (name, eye) in &EYES {
        for (one, other) in [(AMOUNT, CARD), (AMOUNT, TRACK), (WEIGHTED, AMOUNT), (WEIGHTED, TRACK), (TARGET, TRACK)] {
            let contrast = contrast(eye, one, other);
            assert!(contrast >= 3.0, "{name}: {one} on {other} has {contrast:.2}");
        }
    }
}

#[test]
fn text_is_read_from_the_card_by_every_eye() {
    for (name, eye) in &EYES {
        for text in [TEXT, QUIET, TARGET, WEIGHTED] {
            let contrast = contrast(eye, text, CARD);
            assert!(contrast >= 4.5, "{name}: {text} has {contrast:.2}");
        }
    }
}

#[test]
fn the_line_of_the_target_is_no_bar_for_any_eye() {
    for (name, eye) in &EYES {
        for bar in [AMOUNT, WEIGHTED] {
            let distance = distance(eye, TARGET, bar);
            assert!(distance >= 20.0, "{name}: {TARGET} is {distance:.1} from {bar}");
        }
    }
    let red_as_green = distance(&EYES[2].1, "#c00000", "#6b6b00");
    assert!(red_as_green < 20.0, "what nobody of them tells apart is told: {red_as_green:.1}");
}

#[test]
fn type_can_be_read_on_a_preview_of_a_phone() {
    let preview = |size: f32, width: f32| size * 400.0 / width;
    assert!(preview(super::SMALLEST_NAME, super::WIDTH) >= 12.0);
    assert!(preview(super::SMALL, super::super::proof::WIDTH) >= 10.0);
}
