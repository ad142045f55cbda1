//! What stands before what is not wanted, and what only looks so. Phrases as in [`Sentence::phrase`].
//!
//! [`Sentence::phrase`]: super::super::sentence::Sentence::phrase

/// Before an employer.
pub(super) const NOT_FROM: &[&str] = &[
    "not|never currently|previously? from|at|with",
    "not|never currently|previously? worked|working|works|employed at|for|by|with",
    "has|have not|never worked at|for|with",
    "non da|dal|dalla|dai|presso",
    "non provenienti|proveniente da|dal|dalla|dai",
    "che? non lavora|lavorano|lavori|lavorino in|da|per|presso",
    "mai lavorato in|da|per|presso",
    "excluding|exclude|except|without|no current|former|ex? employees|people|staff of|from|at",
    "esclusi|escludi|escludendo|tranne|senza i|gli? ex? dipendenti di|della|del|da|dell",
    "no ex? dipendenti di|della|del|da|dell?",
];

/// Before a place.
pub(super) const NOT_IN: &[&str] = &[
    "not based|located|living? in|near|around the?",
    "outside of? the?",
    "non residente|residenti|basato|basati? a|ad|in|nel|nella|negli|nei",
    "fuori da|dal|dalla|dall|di?",
];

/// Before anything; the flag tells whether "and" goes on.
pub(super) const NOT: &[(&str, bool)] = &[
    ("not|no|non a|an|the|any?", false),
    ("non sia|siano|sono|e un|una|il|la|i|gli|le|l?", false),
    ("isn|aren t a|an|the?", false),
    ("without a|an|the|any?", true),
    ("senza un|una|il|la|i|gli|le|l?", true),
    ("excluding|exclude|except the?", true),
    ("escluso|esclusa|esclusi|escluse|escludi|escludendo|tranne il|la|i|gli|le|l?", true),
];

/// What may follow an employer's name: "excluding Acme employees".
pub(super) const EMPLOYEES: &[&str] = &["employees|staff|people|dipendenti"];

/// Words after "not from" that are nobody's employer.
pub(super) const NO_EMPLOYERS: &[&str] = &[
    "scratch", "home", "all", "abroad", "here", "there", "solo", "sola", "soli", "casa", "ufficio", "remoto", "qui",
    "subito",
];

/// Words after "not" or "non" that make something else of it.
pub(super) const NOT_TERMS: &[&str] = &[
    "only",
    "just",
    "solo",
    "soltanto",
    "solamente",
    "necessarily",
    "necessariamente",
    "for",
    "profit",
    "problem",
    "problems",
    "matter",
    "more",
    "less",
    "later",
    "than",
    "yet",
    "too",
    "very",
    "so",
    "sure",
    "experience",
    "esperienza",
    "required",
    "need",
    "needed",
    "limit",
    "limits",
    "limite",
    "limiti",
    "preference",
    "preferenza",
    "importa",
    "necessario",
    "necessaria",
    "mandatory",
    "obbligatorio",
    "longer",
    "one",
    "doubt",
    "dubbio",
    "afraid",
    "able",
    "important",
    "code",
    "sql",
    "vedenti",
    "udenti",
    "food",
    "destructive",
    "distruttivi",
    "executive",
    "fiction",
    "clinical",
    "technical",
    "invasive",
    "ferrous",
    "looking",
    "interested",
    "willing",
    "open",
    "problema",
    "problemi",
    "e",
    "ho",
    "ha",
    "hanno",
    "is",
    "in",
    "at",
    "from",
    "to",
    "a",
    "da",
    "be",
    "being",
    "vuole",
    "deve",
    "devono",
    "serve",
    "servono",
    "active",
    "available",
    "disponibile",
    "disponibili",
];

/// "No degree required": nothing is excluded.
pub(super) const NEEDED: &[&str] = &[
    "required",
    "needed",
    "necessary",
    "needs",
    "richiesto",
    "richiesta",
    "richiesti",
    "richieste",
    "necessario",
    "necessaria",
];

/// Words before "not" that make a verb of what follows.
pub(super) const VERBS_BEFORE: [&str; 16] = [
    "does", "do", "did", "don", "doesn", "can", "could", "should", "must", "will", "would", "why", "or", "whether",
    "if", "se",
];
