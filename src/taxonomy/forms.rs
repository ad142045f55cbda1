//! Further forms of a name, by rule.
//!
//! A label as published → the names that people write for it. Invariant: a form never loses the word that tells what the
//! concept is; where that is in doubt, there is no form.

/// Companies whose names O*NET puts before their products, and people mostly do not.
const VENDORS: &[&str] = &[
    "Adobe Systems",
    "Adobe",
    "Amazon",
    "Apache",
    "Apple",
    "Atlassian",
    "Autodesk",
    "Bentley",
    "Broadcom",
    "Dassault Systemes",
    "ESRI",
    "Google",
    "Hewlett Packard",
    "IBM",
    "Intuit",
    "JetBrains",
    "Meta",
    "Microsoft",
    "National Instruments",
    "Oracle",
    "PTC",
    "Qlik Tech",
    "Red Hat",
    "SAP",
    "Siemens",
    "The MathWorks",
    "Trimble",
];

/// What O*NET adds to the name of a product.
const KINDS_OF_PRODUCT: &[&str] = &["software", "Enterprise", "database"];

/// Letters of an ending that is written behind a stroke: "Lehrer/in", "Lehrer/innen".
const LONGEST_ENDING: usize = 5;

/// The parts of "A/B" labels, which give the masculine and the feminine form of one title: "Koch/Köchin". Nothing where
/// the label is no such pair.
pub(super) fn gender_pair(label: &str) -> Vec<String> {
    let Some((first, second)) = label.split_once('/') else { return Vec::new() };
    if second.contains('/') || label.contains('(') {
        return Vec::new();
    }
    // "Lehrer/in", "impiegato/a": the second is an ending of the first.
    let is_ending =
        !second.is_empty() && second.chars().count() <= LONGEST_ENDING && second.chars().all(char::is_lowercase);
    if is_ending && !first.contains(' ') {
        return if first.ends_with(|letter: char| "aeo".contains(letter)) {
            vec![first.to_owned()]
        } else {
            vec![first.to_owned(), format!("{first}{second}")]
        };
    }
    let (first, second) = (first.trim(), second.trim());
    let words = |text: &str| text.split_whitespace().count();
    match (words(first), words(second)) {
        (left, right) if left == right && left > 0 => vec![first.to_owned(), second.to_owned()],
        // "šivač/šivačica gornjišta obuće": what follows the second belongs to both.
        (1, right) if right > 1 => {
            let rest = second.split_once(' ').map_or("", |(_, rest)| rest);
            vec![format!("{first} {rest}"), second.to_owned()]
        }
        _ => Vec::new(),
    }
}

/// What stands before a last bracket and what stands in it: "Chief Executive Officer (CEO)".
pub(super) fn bracketed(label: &str) -> Option<(&str, &str)> {
    let (before, inside) = label.strip_suffix(')')?.rsplit_once('(')?;
    let before = before.trim_end();
    (!before.is_empty() && !inside.trim().is_empty()).then_some((before, inside.trim()))
}

/// Whether `short` is made of the first letters of some of the words of `long`, in order, its own first letter first:
/// "AWS" of "Amazon Web Services", "ABAP" of "Advanced business application programming".
pub(super) fn is_acronym(short: &str, long: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let is_short =
        (2..=8).contains(&letters.len()) && letters.iter().filter(|letter| letter.is_uppercase()).count() >= 2;
    let initials: Vec<char> =
        long.split(|letter: char| !letter.is_alphanumeric()).filter_map(|word| word.chars().next()).collect();
    let mut rest = initials.iter().flat_map(|initial| initial.to_uppercase());
    let first = letters.first().zip(initials.first());
    is_short
        && first.is_some_and(|(letter, initial)| initial.to_uppercase().eq(letter.to_uppercase()))
        && letters.iter().all(|letter| rest.any(|initial| letter.to_uppercase().eq([initial])))
}

/// The names that people write for a product as O*NET lists it: without the kind of product, the acronym and what it
/// stands for, without the maker. The name itself is not among them, and the acronym only where the product is widely
/// used: "EPIC" is rarely the erosion productivity impact calculator.
pub(super) fn product_forms(name: &str, is_widely_used: bool) -> Vec<String> {
    let mut forms = Vec::new();
    let mut base = name.to_owned();
    for kind in KINDS_OF_PRODUCT {
        if let Some(before) = base.strip_suffix(kind).and_then(|before| before.strip_suffix(' ')) {
            base = before.to_owned();
            forms.push(base.clone());
            break;
        }
    }
    if let Some((long, short)) = base.rsplit_once(' ')
        && is_acronym(short, long)
    {
        // The acronym tells that the maker belongs to the name.
        forms.push(long.to_owned());
        if is_widely_used {
            forms.push(short.to_owned());
        }
        return forms;
    }
    for form in forms.clone().iter().chain([&name.to_owned()]) {
        let maker = VENDORS.iter().find_map(|vendor| form.strip_prefix(vendor)?.strip_prefix(' '));
        // "Adobe Systems Adobe Acrobat", "Adobe Acrobat", "Acrobat".
        forms.extend(maker.map(str::to_owned));
        let again =
            maker.and_then(|rest| VENDORS.iter().find_map(|vendor| rest.strip_prefix(vendor)?.strip_prefix(' ')));
        forms.extend(again.map(str::to_owned));
    }
    forms.sort_unstable();
    forms.dedup();
    forms.retain(|form| form != name && !KINDS_OF_PRODUCT.contains(&form.as_str()));
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_genders_are_two_names() {
        assert_eq!(gender_pair("Koch/Köchin"), ["Koch", "Köchin"]);
        assert_eq!(gender_pair("medico di base/medica di base"), ["medico di base", "medica di base"]);
        assert_eq!(gender_pair("Lehrer/in"), ["Lehrer", "Lehrerin"]);
        assert_eq!(gender_pair("impiegato/a"), ["impiegato"]);
        assert_eq!(
            gender_pair("šivač/šivačica gornjišta obuće"),
            ["šivač gornjišta obuće", "šivačica gornjišta obuće"]
        );
        for label in ["Koch", "a/b/c", "programador de C/C++ (senior)", "cocinero de barco/cocinera", "/", "Koch/"] {
            assert!(gender_pair(label).is_empty(), "{label}");
        }
    }

    #[test]
    fn acronyms_are_made_of_initials() {
        for (short, long) in [
            ("AWS", "Amazon Web Services"),
            ("CEO", "Chief Executive Officer"),
            ("SQL", "Structured query language"),
            ("ABAP", "Advanced business application programming"),
            ("CAD", "Computer aided design"),
            ("EC2", "Elastic Compute Cloud 2"),
        ] {
            assert!(is_acronym(short, long), "{short}");
        }
        for (short, long) in
            [("Boot", "Spring"), ("Java", "Oracle"), ("II", "Nurse"), ("B", "Big"), ("SQL", "Microsoft Server")]
        {
            assert!(!is_acronym(short, long), "{short}");
        }
    }

    #[test]
    fn products_are_called_without_their_makers() {
        assert_eq!(product_forms("Adobe Systems Adobe Acrobat", true), ["Acrobat", "Adobe Acrobat"]);
        assert_eq!(
            product_forms("Amazon Web Services AWS software", true),
            ["Amazon Web Services AWS", "Amazon Web Services", "AWS"]
        );
        assert_eq!(product_forms("Structured query language SQL", true), ["Structured query language", "SQL"]);
        assert_eq!(product_forms("Oracle Java", true), ["Java"]);
        assert_eq!(product_forms("Salesforce software", true), ["Salesforce"]);
        assert_eq!(product_forms("Oracle software", true), ["Oracle"]);
        assert!(product_forms("Python", true).is_empty());
    }

    #[test]
    fn the_acronym_of_a_rare_product_is_no_name() {
        let name = "Erosion Productivity Impact Calculator EPIC software";
        let long = ["Erosion Productivity Impact Calculator EPIC", "Erosion Productivity Impact Calculator"];
        assert_eq!(product_forms(name, false), long);
        assert_eq!(product_forms(name, true), [&long[..], &["EPIC"]].concat());
        assert_eq!(product_forms("Oracle Java", false), ["Java"]);
    }

    #[test]
    fn brackets_come_apart() {
        assert_eq!(bracketed("Chief Executive Officer (CEO)"), Some(("Chief Executive Officer", "CEO")));
        assert_eq!(bracketed("Java (computer programming)"), Some(("Java", "computer programming")));
        for label in ["Java", "(all)", "a ()", "a (b) c"] {
            assert_eq!(bracketed(label), None, "{label}");
        }
    }
}
