use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::text::TokenList;

const FIXTURE: Sources<'static> = Sources {
    cities: include_str!("../../fixtures/places/cities15000.tsv"),
    by_hand: include_str!("../../fixtures/places/by-hand.tsv"),
    simplified: "橋桥\n",
};

/// What an earlier build packed out of the fixture.
const FROZEN: &[u8] = include_bytes!("../../fixtures/places/gazetteer.zst");

fn country(code: &str) -> CountryCode {
    CountryCode::new(code).unwrap()
}

/// The number of GeoNames of what a text stands for.
fn number(gazetteer: &Gazetteer, text: &str) -> Option<u32> {
    Some(gazetteer.place(gazetteer.resolve(text, None)?.place)?.geonames_id)
}

/// "Milan IT" for what a text stands for.
fn found(text: &str) -> String {
    let gazetteer = Gazetteer::built_in();
    let place = gazetteer.resolve(text, None).and_then(|resolved| gazetteer.place(resolved.place));
    place.map_or_else(|| "nowhere".to_owned(), |place| format!("{} {}", place.name, place.country.as_str()))
}

fn assert_found(expected: &[(&str, &str)]) {
    let wrong: Vec<_> = expected.iter().filter(|(text, place)| found(text) != *place).collect();
    let found: Vec<String> = wrong.iter().map(|(text, _)| found(text)).collect();
    assert!(wrong.is_empty(), "{wrong:?} lead to {found:?}");
}

#[test]
fn names_lead_to_the_place_that_people_mean() {
    assert_found(&[
        ("Roma", "Rome IT"),
        ("Rome", "Rome IT"),
        ("Milano", "Milan IT"),
        ("Milan", "Milan IT"),
        ("Mailand", "Milan IT"),
        ("米兰", "Milan IT"),
        ("米蘭", "Milan IT"),
        ("Paris", "Paris FR"),
        ("Valencia", "Valencia ES"),
        ("London", "London GB"),
        ("Cambridge", "Cambridge GB"),
        ("Birmingham", "Birmingham GB"),
        ("Lima", "Lima PE"),
        ("York", "York GB"),
        ("Como", "Como IT"),
        ("Lecce", "Lecce IT"),
        ("Bari", "Bari IT"),
        ("Essen", "Essen DE"),
        ("Nice", "Nice FR"),
        ("Lyon", "Lyon FR"),
        ("Cologne", "Köln DE"),
        ("Köln", "Köln DE"),
        ("Colonia", "Köln DE"),
        ("Munich", "Munich DE"),
        ("München", "Munich DE"),
        ("Monaco", "Monaco MC"),
        ("Monaco di Baviera", "Munich DE"),
        ("Vienna", "Vienna AT"),
        ("Wien", "Vienna AT"),
        ("Lisbon", "Lisbon PT"),
        ("București", "Bucharest RO"),
        ("Reading", "Reading GB"),
        ("Bath", "Bath GB"),
        ("Berlin", "Berlin DE"),
        ("San José", "San Jose US"),
        ("Santiago", "Santiago CL"),
        ("Hyderabad", "Hyderabad IN"),
        ("Newcastle", "Newcastle upon Tyne GB"),
        ("Frankfurt", "Frankfurt am Main DE"),
        ("Washington", "Washington US"),
        ("New York", "New York City US"),
        ("NYC", "New York City US"),
        ("LA", "Los Angeles US"),
        ("SF", "San Francisco US"),
        ("Venice", "Venice IT"),
        ("Alessandria", "Alessandria IT"),
        ("Singapur", "Singapore SG"),
        ("St. Petersburg", "Saint Petersburg RU"),
        ("Halle", "Halle (Saale) DE"),
        ("Biel", "Biel/Bienne CH"),
        ("Remote", "nowhere"),
        ("", "nowhere"),
    ]);
}

#[test]
fn further_parts_narrow_a_name_down() {
    assert_found(&[
        ("milano, it", "Milan IT"),
        ("Milano (MI)", "Milan IT"),
        ("Milano, MI", "Milan IT"),
        ("Torino, TO", "Turin IT"),
        ("Como (CO), Italia", "Como IT"),
        ("Milano, Lombardia, Italia", "Milan IT"),
        ("Milano - Italia", "Milan IT"),
        ("Milano Italia", "Milan IT"),
        ("米兰 意大利", "Milan IT"),
        ("Milano, remote", "Milan IT"),
        ("Monaco, Germania", "Munich DE"),
        ("Paris, France", "Paris FR"),
        ("Paris, US", "Paris US"),
        ("Paris, TX, US", "Paris US"),
        ("Paris, Texas", "Paris US"),
        ("Paris, DE", "nowhere"),
        ("London, KY", "nowhere"),
        ("London, Ontario", "London CA"),
        ("Austin, Texas", "Austin US"),
        ("Austin TX", "Austin US"),
        ("Perth, WA", "Perth AU"),
        ("Perth, Scotland", "Perth GB"),
        ("Vancouver, WA", "Vancouver US"),
        ("Curitiba, PR", "Curitiba BR"),
        ("Newcastle, NSW", "Newcastle AU"),
        ("Cambridge, MA", "Cambridge US"),
        ("Valencia, Venezuela", "Valencia VE"),
        ("St. Petersburg, FL", "St. Petersburg US"),
        ("Frankfurt (Oder)", "Frankfurt (Oder) DE"),
        ("Quartiere Isola, Milano", "nowhere"),
        ("Nice to", "nowhere"),
    ]);
}

#[test]
fn a_country_or_region_alone_is_no_city_elsewhere() {
    assert_found(&[
        ("Italia", "nowhere"),
        ("India", "nowhere"),
        ("India, remote", "nowhere"),
        ("USA", "nowhere"),
        ("Egypt", "nowhere"),
        ("Holland", "nowhere"),
        ("Texas", "nowhere"),
        ("Ontario", "nowhere"),
        ("Ontario, CA", "Ontario US"),
        ("Lebanon, TN", "Lebanon US"),
        ("Luxembourg", "Luxembourg LU"),
        ("Singapore", "Singapore SG"),
        ("México", "Mexico City MX"),
        ("Hamburg", "Hamburg DE"),
        ("New York", "New York City US"),
        ("Granada", "Granada ES"),
        ("Salvador", "Salvador BR"),
    ]);
    let gazetteer = Gazetteer::built_in();
    let armenia = gazetteer.resolve("Armenia", Some(country("CO"))).unwrap();
    assert_eq!(gazetteer.label(armenia.place), "Armenia, CO");
    assert_eq!(gazetteer.longest_name(&["nurse", "in", "india"], 2), None);
}

#[test]
fn surroundings_mean_the_city() {
    assert_found(&[
        ("Greater London", "London GB"),
        ("Greater London, England, United Kingdom", "London GB"),
        ("London Area, United Kingdom", "London GB"),
        ("San Francisco Bay Area", "San Francisco US"),
        ("Milan Metropolitan Area", "Milan IT"),
        ("Greater Milan Metropolitan Area", "Milan IT"),
        ("Milano e dintorni", "Milan IT"),
        ("Großraum München", "Munich DE"),
        ("Région de Lyon", "Lyon FR"),
        ("Washington DC-Baltimore Area", "Washington US"),
        ("20121 Milano", "Milan IT"),
        ("D-80331 München", "Munich DE"),
        ("London SW1A 1AA", "London GB"),
    ]);
}

#[test]
fn a_country_leaves_out_the_places_of_others() {
    let gazetteer = Gazetteer::built_in();
    let springfield = gazetteer.resolve("Springfield, IL, US", None).unwrap();
    assert_eq!(gazetteer.place(springfield.place).unwrap().region, "IL");
    let london = gazetteer.resolve("London", Some(country("CA"))).unwrap();
    assert_eq!(gazetteer.place(london.place).unwrap().country, country("CA"));
    assert_eq!(gazetteer.resolve("Paris", Some(country("IT"))), None);
    assert_eq!(gazetteer.resolve("geonames:3173435", Some(country("FR"))), None);
    assert_eq!(found("geonames:3173435"), "Milan IT");
    assert_eq!(found("geonames:1"), "nowhere");
}

#[test]
fn every_label_leads_back_to_its_place() {
    let gazetteer = Gazetteer::built_in();
    assert!(!gazetteer.is_empty());
    let mut kinds: BTreeMap<usize, usize> = BTreeMap::new();
    for id in gazetteer.starting_with("", usize::MAX) {
        let label = gazetteer.label(id);
        assert_eq!(gazetteer.resolve(&label, None).map(|resolved| resolved.place), Some(id), "{label}");
        *kinds.entry(if label.starts_with("geonames:") { 0 } else { label.split(", ").count() }).or_default() += 1;
    }
    assert_eq!(kinds.values().sum::<usize>(), gazetteer.len());
    assert!(kinds[&2] > gazetteer.len() * 9 / 10 && kinds[&0] < gazetteer.len() / 100, "{kinds:?}");
    let label = |text: &str| gazetteer.label(gazetteer.resolve(text, None).unwrap().place);
    assert_eq!(label("Milano"), "Milan, IT");
    assert_eq!(label("Springfield, IL"), "Springfield, IL, US");
}

#[test]
fn names_by_hand_lead_to_their_places() {
    let gazetteer = Gazetteer::built_in();
    for line in include_str!("../../indexes/places/by-hand.tsv").lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        for name in cells[1].split('|').filter(|name| !name.is_empty()) {
            assert_eq!(number(gazetteer, name).map(|id| id.to_string()).as_deref(), Some(cells[0]), "{name}");
        }
    }
}

#[test]
fn finds_the_longest_name_among_tokens() {
    let gazetteer = Gazetteer::built_in();
    let text = TokenList::of("nurse in New York City or San José");
    let tokens: Vec<&str> = text.exact_forms().collect();
    let at = |from| gazetteer.longest_name(&tokens, from).map(|(length, found)| (length, gazetteer.label(found.place)));
    assert_eq!(at(2), Some((3, "New York City, US".to_owned())));
    assert_eq!(at(3), Some((1, "York, GB".to_owned())));
    assert_eq!(at(6), Some((2, "San Jose, US".to_owned())));
    assert_eq!(at(8), None);
    assert_eq!(gazetteer.longest_country(&["made", "in", "costa", "rica"], 2), Some((2, country("CR"))));
    assert_eq!(gazetteer.country("Deutschland"), Some(country("DE")));
    assert_eq!(gazetteer.country_name(country("DE")), Some("Germany"));
}

#[test]
fn prefixes_find_who_has_the_strongest_claim() {
    let gazetteer = Gazetteer::built_in();
    let first =
        |prefix| gazetteer.starting_with(prefix, 2).into_iter().map(|id| gazetteer.label(id)).collect::<Vec<_>>();
    assert_eq!(first("Mil"), ["Milan, IT", "Milwaukee, US"]);
    assert_eq!(first("münch")[0], "Munich, DE");
    assert_eq!(first("san franc")[0], "San Francisco, US");
    assert!(first("xyzxyz").is_empty());
    assert!(gazetteer.starting_with("a", 0).is_empty());
}

#[test]
fn the_fixture_is_read_as_packed() {
    let packed = pack(&FIXTURE).unwrap();
    assert_eq!(packed, pack(&FIXTURE).unwrap(), "equal input gives equal bytes");
    let (fresh, frozen) = (Gazetteer::decode(&packed).unwrap(), Gazetteer::decode(FROZEN).unwrap());
    assert_eq!(fresh.version(), frozen.version(), "the format or the rules have changed: pack anew");
    for gazetteer in [fresh, frozen] {
        for (text, expected) in [
            ("Stonebridge", Some(1)),
            ("Stonebridge, US", Some(3)),
            ("Stonebridge, IL", Some(2)),
            ("Steinbrück", Some(4)),
            ("石橋", Some(1)),
            ("石桥", Some(1)),
            ("Eiche", Some(5)),
            ("Quercia", Some(6)),
            ("River", Some(6)),
            ("Old River", Some(6)),
            ("Old River, GB", Some(7)),
            ("RC", Some(6)),
            ("STB", None),
            ("shi qiao", None),
            ("12", None),
        ] {
            assert_eq!(number(&gazetteer, text), expected, "{text}");
        }
        let place = gazetteer.place(gazetteer.resolve("River City", None).unwrap().place).unwrap();
        assert_eq!((place.name, place.region, place.population), ("River City", "08", 70_000));
        assert_eq!(place.coordinates, Coordinates::new(-10.0, 120.25).unwrap());
        assert_eq!(gazetteer.label(gazetteer.resolve("geonames:8", None).unwrap().place), "geonames:8");
        assert_eq!(gazetteer.label(PlaceId(8)), "");
        assert!(gazetteer.place(PlaceId(8)).is_none());
    }
}

#[test]
fn malformed_tables_are_named_with_their_line() {
    let heading = FIXTURE.cities.lines().next().unwrap();
    for (line, reason) in [
        ("1\tX", "not eight cells"),
        ("x\tX\t0\t0\tIT\t\t1\t", "an id that is no number"),
        ("1\tX\t91\t0\tIT\t\t1\t", "coordinates out of range"),
        ("1\tX\t0\t0\tITA\t\t1\t", "a country that is no code of two letters"),
        ("1\tX\t0\t0\tIT\t\t-1\t", "a population that is no number"),
    ] {
        let cities = format!("{heading}\n{line}\n");
        let error = pack(&Sources { cities: &cities, ..FIXTURE }).unwrap_err();
        assert_eq!(error.to_string(), format!("cities, line 2: {reason}"));
    }
    let error = pack(&Sources { by_hand: "heading\n99\tX\t\n", ..FIXTURE }).unwrap_err();
    assert_eq!(error.to_string(), "names by hand, line 2: no such place");
}

#[test]
fn damaged_bytes_are_an_error() {
    for packed in [&[][..], b"no zstd at all", &FROZEN[..FROZEN.len() - 1]] {
        assert!(Gazetteer::decode(packed).is_err());
    }
    let unpacked = zstd::bulk::decompress(FROZEN, 1 << 20).unwrap();
    for at in 0..unpacked.len() {
        let mut damaged = unpacked.clone();
        damaged[at] ^= 0x41;
        assert!(Gazetteer::decode(&zstd::bulk::compress(&damaged, 1).unwrap()).is_err(), "byte {at}");
    }
}

proptest! {
    #[test]
    fn damage_anywhere_in_the_file_is_no_panic(at in 0..FROZEN.len(), flip in 1u8..) {
        let mut damaged = FROZEN.to_vec();
        damaged[at] ^= flip;
        // A flipped bit of the frame's heading may change nothing that is read.
        if let Ok(gazetteer) = Gazetteer::decode(&damaged) {
            prop_assert_eq!(number(&gazetteer, "Stonebridge"), Some(1));
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,60}|[a-zA-Z ,()/0-9-]{0,60}", from in 0usize..5) {
        let gazetteer = Gazetteer::built_in();
        if let Some(resolved) = gazetteer.resolve(&text, None) {
            prop_assert!(!resolved.others.contains(&resolved.place));
        }
        let tokens: Vec<&str> = text.split(' ').collect();
        let _ = gazetteer.longest_name(&tokens, from);
    }
}
