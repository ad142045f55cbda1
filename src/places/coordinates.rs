//! Points on the earth, and how far they lie apart.

/// Mean radius of the earth in kilometres (IUGG, R₁).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The international mile.
const KM_PER_MILE: f64 = 1.609_344;

/// Coordinates in degrees (WGS 84). Cannot be built out of range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    latitude: f64,
    longitude: f64,
}

impl Coordinates {
    /// Latitude within ±90 degrees, longitude within ±180. `None` for anything else, NaN included.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        let is_valid = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
        is_valid.then_some(Self { latitude, longitude })
    }

    /// Degrees north of the equator.
    pub fn latitude(self) -> f64 {
        self.latitude
    }

    /// Degrees east of Greenwich.
    pub fn longitude(self) -> f64 {
        self.longitude
    }

    /// Great-circle distance in kilometres on a sphere of the earth's mean radius, by the haversine formula (R. W.
    /// Sinnott, "Virtues of the Haversine", Sky & Telescope 68(2), 1984). Within 0.6 % of the distance on the ellipsoid.
    pub fn distance_km(self, other: Self) -> f64 {
        let haversine = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
        let parallel = self.latitude.to_radians().cos() * other.latitude.to_radians().cos();
        let h = haversine(other.latitude - self.latitude) + parallel * haversine(other.longitude - self.longitude);
        2.0 * EARTH_RADIUS_KM * h.min(1.0).sqrt().asin()
    }
}

/// Reads a distance and gives it in kilometres: "50km", "30 mi", "30miles", "12.5 km", "80" (kilometres). `None` for
/// anything else, negative numbers included.
pub fn read_distance_km(text: &str) -> Option<f64> {
    let text = text.trim();
    let unit_start = text.find(|letter: char| letter.is_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(unit_start);
    let number = number.trim_end().replace(',', ".");
    if !number.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let number: f64 = number.parse().ok().filter(|number: &f64| number.is_finite())?;
    match unit.to_lowercase().as_str() {
        "" | "k" | "km" | "kms" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => Some(number),
        "mi" | "mile" | "miles" => Some(number * KM_PER_MILE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates::new(latitude, longitude).unwrap()
    }

    #[test]
    fn measures_known_distances() {
        let (london, paris) = (at(51.5074, -0.1278), at(48.8566, 2.3522));
        assert!((london.distance_km(paris) - 343.5).abs() < 0.2, "{}", london.distance_km(paris));
        let quarter = at(0.0, 0.0).distance_km(at(90.0, 0.0));
        assert!((quarter - EARTH_RADIUS_KM * std::f64::consts::FRAC_PI_2).abs() < 1e-9);
        let date_line = at(0.0, 179.5).distance_km(at(0.0, -179.5));
        assert!((date_line - EARTH_RADIUS_KM.to_radians()).abs() < 1e-6, "{date_line}");
    }

    #[test]
    fn refuses_what_lies_on_no_map() {
        for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Coordinates::new(latitude, longitude), None);
        }
    }

    #[test]
    fn reads_kilometres_and_miles() {
        for (text, km) in [
            ("50km", 50.0),
            ("80", 80.0),
            (" 12,5 km ", 12.5),
            ("30 mi", 48.280_32),
            ("30miles", 48.280_32),
            ("1 Mile", KM_PER_MILE),
            ("0", 0.0),
        ] {
            assert!((read_distance_km(text).unwrap() - km).abs() < 1e-9, "{text}");
        }
        for text in ["", "km", "-5km", "5 m", "5 kmh", "1e3", "5 5", "inf", "NaN", "1.2.3", "+5", ".5"] {
            assert_eq!(read_distance_km(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn distances_are_symmetric_and_at_most_half_way_round(
            a in (-90.0..=90.0, -180.0..=180.0), b in (-90.0..=90.0, -180.0..=180.0)
        ) {
            let (a, b) = (at(a.0, a.1), at(b.0, b.1));
            let distance = a.distance_km(b);
            prop_assert!((distance - b.distance_km(a)).abs() < 1e-6);
            prop_assert!((0.0..=EARTH_RADIUS_KM * std::f64::consts::PI + 1e-6).contains(&distance));
            prop_assert!(a.distance_km(a) == 0.0);
        }
    }
}
