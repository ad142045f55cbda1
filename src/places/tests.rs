use super::*;

fn place(text: &str) -> Option<Place<'static>> {
    let gazetteer = Gazetteer::built_in();
    gazetteer.place(gazetteer.resolve(text, None)?.place)
}

#[test]
fn the_built_in_gazetteer_knows_milan() {
    for text in ["Milano", "Milan", "Mailand", "米兰", "milano, it", "Milano (MI)", "Milano, Lombardia, Italia"] {
        assert_eq!(place(text).map(|place| place.geonames_id), Some(3_173_435), "{text}");
    }
}
