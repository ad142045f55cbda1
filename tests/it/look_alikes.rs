//! Look-alikes: who makes software for a trade is not of that trade, however active they are.

use serde_json::{Value, json};

use crate::client::Service;

/// (query and title of the true holder, title of the look-alike), eight in each of five languages.
const PAIRS: [(&str, &str); 40] = [
    ("Dentist", "Software engineer for dental practice software"),
    ("Nurse", "Software developer for nurse rostering"),
    ("Lawyer", "Engineer of software for law firms"),
    ("Pharmacist", "Software architect for pharmacy systems"),
    ("Teacher", "Product developer of learning software"),
    ("Accountant", "Software engineer for accounting software"),
    ("Chef", "App developer for restaurant kitchens"),
    ("Electrician", "Software developer for electrical planning"),
    ("Zahnarzt", "Softwareentwickler für Zahnarztsoftware"),
    ("Krankenschwester", "Softwareentwicklerin für Pflegeplanung"),
    ("Rechtsanwalt", "Entwickler von Software für Kanzleien"),
    ("Apotheker", "Softwarearchitekt für Apothekensysteme"),
    ("Lehrerin", "Entwicklerin von Lernsoftware"),
    ("Buchhalter", "Softwareentwickler für Buchhaltungssoftware"),
    ("Koch", "Entwickler einer App für Küchen"),
    ("Elektriker", "Softwareentwickler für Elektroplanung"),
    ("Dentista", "Sviluppatore di software per studi dentistici"),
    ("Infermiera", "Sviluppatrice di software per i turni infermieristici"),
    ("Avvocato", "Sviluppatore di software per studi legali"),
    ("Farmacista", "Architetto software per sistemi di farmacia"),
    ("Insegnante", "Sviluppatrice di software didattico"),
    ("Contabile", "Sviluppatore di software di contabilità"),
    ("Cuoco", "Sviluppatore di app per cucine"),
    ("Elettricista", "Sviluppatore di software per impianti elettrici"),
    ("Odontólogo", "Desarrollador de software para clínicas dentales"),
    ("Enfermera", "Desarrolladora de software para turnos de enfermería"),
    ("Abogado", "Desarrollador de software para bufetes"),
    ("Farmacéutico", "Arquitecto de software para farmacias"),
    ("Profesora", "Desarrolladora de software educativo"),
    ("Contable", "Desarrollador de software de contabilidad"),
    ("Cocinero", "Desarrollador de aplicaciones para cocinas"),
    ("Electricista", "Desarrollador de software para instalaciones eléctricas"),
    ("Dentiste", "Développeur de logiciels pour cabinets dentaires"),
    ("Infirmière", "Développeuse de logiciels de planning infirmier"),
    ("Avocat", "Développeur de logiciels pour cabinets d'avocats"),
    ("Pharmacien", "Architecte logiciel pour pharmacies"),
    ("Enseignante", "Développeuse de logiciels éducatifs"),
    ("Comptable", "Développeur de logiciels de comptabilité"),
    ("Cuisinier", "Développeur d'applications pour cuisines"),
    ("Électricien", "Développeur de logiciels pour installations électriques"),
];

/// The holder has not been seen for years; the look-alike names the trade again and again, and looks for work.
fn pair(at: usize, trade: &str, title: &str) -> [Value; 2] {
    let person = |id: String, title: &str, summary: String, seen: &str, availability: Value| {
        json!({"id": id, "availability": availability, "profile": {
            "basics": {"label": title},
            "work": [{"position": title, "name": "Acme", "startDate": "2009-01", "summary": summary}],
            "meta": {"lastModified": seen}}})
    };
    let stuffed = format!("{trade}. {trade}, {trade}! For every {trade}; with {trade} and {trade}.");
    [
        person(format!("holder-{at}"), trade, String::new(), "2012-05-01T00:00:00Z", json!({"notLooking": true})),
        person(
            format!("other-{at}"),
            title,
            stuffed,
            "2026-10-31T00:00:00Z",
            json!({"openToWork": {"since": "2026-10-30"}}),
        ),
    ]
}

#[tokio::test]
async fn the_true_holder_comes_before_the_active_look_alike() {
    let service = Service::start();
    let people: Vec<Value> = PAIRS.iter().enumerate().flat_map(|(at, (trade, title))| pair(at, trade, title)).collect();
    service.load(&people).await;
    let events: Vec<Value> = (0..PAIRS.len())
        .map(|at| json!({"candidateId": format!("other-{at}"), "type": "loggedIn", "at": "2026-10-31T12:00:00Z"}))
        .collect();
    assert_eq!(service.json("POST", "/v1/events?refresh=wait", Value::from(events)).await.status, 200);
    for (at, (trade, _)) in PAIRS.iter().enumerate() {
        let ids = service.ids(json!({"query": trade, "limit": 100})).await;
        let place =
            |id: String| ids.iter().position(|found| *found == id).unwrap_or_else(|| panic!("{id} for {trade}"));
        assert!(place(format!("holder-{at}")) < place(format!("other-{at}")), "{trade}");
    }
}
