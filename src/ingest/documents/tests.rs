//! Documents that are made here: each format, what nobody sees, and what is damaged, locked or too large.

use std::io::{Cursor, Write};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

/// A PDF of pages with these contents, in Helvetica.
fn pdf(pages: &[&str]) -> Vec<u8> {
    pdf_with(pages, "")
}

fn pdf_with(pages: &[&str], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut add = |bytes: &mut Vec<u8>, object: String| {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", places.len()).into_bytes());
    };
    let kids: Vec<String> = (0..pages.len()).map(|number| format!("{} 0 R", 4 + number * 2)).collect();
    add(&mut bytes, "<< /Type /Catalog /Pages 2 0 R >>".to_owned());
    add(&mut bytes, format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()));
    add(&mut bytes, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned());
    for (number, content) in pages.iter().enumerate() {
        let resources = "<< /Font << /F1 3 0 R >> >>";
        let contents = 5 + number * 2;
        add(
            &mut bytes,
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources {resources} /Contents {contents} 0 R >>"
            ),
        );
        add(&mut bytes, format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
    for place in &places {
        bytes.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let size = places.len() + 1;
    bytes.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF").into_bytes());
    bytes
}

fn line(x: u32, y: u32, text: &str) -> String {
    format!("BT /F1 11 Tf {x} {y} Td ({text}) Tj ET\n")
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn docx(body: &str) -> Vec<u8> {
    let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    archive(&[("word/document.xml", xml.as_bytes())])
}

fn odt(styles: &str, body: &str) -> Vec<u8> {
    let xml = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", xml.as_bytes())])
}

fn text(name: &str, bytes: &[u8]) -> String {
    read(name, bytes).unwrap().text
}

fn code(name: &str, bytes: &[u8]) -> &'static str {
    read(name, bytes).unwrap_err().code.as_str()
}

#[test]
fn text_of_a_pdf_that_nobody_sees_is_left_out() {
    let page = [
        line(50, 700, "Anna Rossi"),
        "BT 3 Tr /F1 11 Tf 50 680 Td (modeless) Tj ET\n".to_owned(),
        "BT 0 Tr 1 1 1 rg /F1 11 Tf 50 660 Td (whitened) Tj ET\n".to_owned(),
        "BT 0 g /F1 0.5 Tf 50 640 Td (tiny) Tj ET\n".to_owned(),
        line(50, 900, "outside"),
        // White on a dark ground is seen.
        "0.2 g 40 590 300 40 re f BT 1 g /F1 11 Tf 50 600 Td (Engineer) Tj ET\n".to_owned(),
        // The colour of the ground is not.
        "BT 0.2 g /F1 11 Tf 150 600 Td (camouflaged) Tj ET\n".to_owned(),
    ];
    let document = read("cv.pdf", &pdf(&[&page.concat()])).unwrap();
    let words: Vec<&str> = document.text.split_whitespace().collect();
    assert_eq!(words, ["Anna", "Rossi", "Engineer"]);
    assert_eq!(document.media_type, "application/pdf");
    assert!(document.notes[0].contains("invisible"), "{:?}", document.notes);
}

#[test]
fn a_border_covers_no_text_but_its_own_ground_does() {
    // A ring of two boxes in the colour of the text, and dots in one path.
    let ring =
        "0.5 0.2 0.2 rg 40 590 300 30 re 41 591 298 28 re f* BT 0.5 0.2 0.2 rg /F1 11 Tf 50 600 Td (Heading) Tj ET\n";
    let dots: String = (0..6).map(|at| format!("{} {} 2 2 re\n", 40 + 50 * at, 500 + 6 * at)).collect();
    let dots = format!("0.5 0.2 0.2 rg {dots} f BT /F1 11 Tf 50 510 Td (Dotted) Tj ET\n");
    let box_of_text = "0.5 0.2 0.2 rg 40 390 300 30 re 0 0 1 1 re f* BT /F1 11 Tf 50 400 Td (camouflaged) Tj ET\n";
    let read = text("cv.pdf", &pdf(&[&format!("{}{ring}{dots}{box_of_text}", line(50, 700, "Anna Rossi"))]));
    let words: Vec<&str> = read.split_whitespace().collect();
    assert_eq!(words, ["Anna", "Rossi", "Heading", "Dotted"]);
}

#[test]
fn white_text_on_a_ground_of_a_style_is_seen() {
    let page = "<html><head><style>.hero{background:var(--c);color:#fff} .bare{color:#fff}</style></head><body>\
        <div class='hero'><p>Anna <a style='color:#fff'>anna@example.org</a></p></div><p class='bare'>gone</p><p class='hero' style='background:#fff;color:#fff'>gone too</p>\
        <table><tr><td bgcolor='#114477'><font color='#ffffff'>Cook</font></td></tr></table></body></html>";
    let read = text("cv.html", page.as_bytes());
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Anna anna@example.org", "Cook"]);
    let styles = "<style:style style:name=\"P1\"><style:paragraph-properties fo:background-color=\"#114477\"/>\
        <style:text-properties fo:color=\"#ffffff\"/></style:style>\
        <style:style style:name=\"P2\" style:parent-style-name=\"P1\"><style:text-properties fo:font-size=\"12pt\"/></style:style>\
        <style:style style:name=\"P3\"><style:text-properties fo:color=\"#ffffff\"/></style:style>\
        <style:style style:name=\"C1\"><style:table-cell-properties fo:background-color=\"#114477\"/></style:style>";
    let body = "<text:p text:style-name=\"P1\">Experience</text:p><text:p text:style-name=\"P2\">Skills</text:p><text:p text:style-name=\"P3\">gone</text:p>\
        <table:table><table:table-row><table:table-cell table:style-name=\"C1\"><text:p text:style-name=\"P3\">Cook</text:p></table:table-cell></table:table-row></table:table>";
    let read = text("cv.odt", &odt(styles, body));
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Experience", "Skills", "Cook"]);
}

#[test]
fn columns_are_read_one_after_the_other_and_dates_stay_beside_titles() {
    let mut page = String::new();
    for (at, (left, right)) in [
        ("Contact", "Experience"),
        ("Leeds", "Engineer at Acme Ltd in the north"),
        ("Skills", "built many things over"),
        ("Java", "many years there and"),
        ("SQL", "Education and more of it"),
    ]
    .iter()
    .enumerate()
    {
        page += &line(50, 700 - 20 * at as u32, left);
        page += &line(250, 693 - 20 * at as u32, right);
    }
    let read = text("cv.pdf", &pdf(&[&page]));
    let (experience, skills) = (read.find("Experience").unwrap(), read.find("Skills").unwrap());
    assert!(read.find("Education").unwrap() < skills && experience < skills, "{read}");
    let mut page = String::new();
    for (at, year) in [2011, 2013, 2015, 2017, 2019].iter().enumerate() {
        page += &line(50, 700 - 20 * at as u32, &format!("{year} - {}", year + 2));
        page += &line(250, 700 - 20 * at as u32, "Engineer at some place");
    }
    assert!(text("cv.pdf", &pdf(&[&page])).contains("2011 - 2013\tEngineer at some place"));
}

#[test]
fn drawn_marks_of_items_are_bullets_but_not_those_of_skills_or_times() {
    let dot = |x: u32, y: u32| format!("{x} {y} 3 3 re f\n");
    let page = [
        line(50, 740, "Manager, 2019 to today"),
        dot(60, 723),
        line(70, 720, "Ran inbound"),
        dot(60, 703),
        line(70, 700, "Ran outbound"),
        // How well somebody knows something.
        line(50, 660, "Excel"),
        dot(90, 663),
        dot(96, 663),
        dot(102, 663),
        line(115, 660, "good"),
    ];
    let read = text("cv.pdf", &pdf(&[&page.concat()]));
    let lines: Vec<String> =
        read.lines().map(|line| line.trim().replace('\t', " ")).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Manager, 2019 to today", "• Ran inbound", "• Ran outbound", "Excel good"]);
    let times = [dot(40, 743), line(50, 740, "2019 - 2021 Cook"), dot(40, 703), line(50, 700, "2015 - 2018 Waiter")];
    assert!(!text("cv.pdf", &pdf(&[&times.concat()])).contains('•'));
}

#[test]
fn a_column_that_goes_on_over_pages_is_read_before_what_stands_beside_it() {
    let column = |x: u32, word: &str, pad: &str| -> String {
        (0..8).map(|number| line(x, 740 - number * 21 - x / 60, &format!("{word} {number}{pad}"))).collect()
    };
    let long = " and what was done there for years";
    let first = column(40, "aside", "") + &column(250, "first", long);
    let second = column(250, "second", long);
    let read = text("cv.pdf", &pdf(&[&first, &second]));
    let at = |words: &str| read.find(words).unwrap_or_else(|| panic!("{words} in {read}"));
    assert!(at("first 7") < at("second 0") && at("second 7") < at("aside 0"), "{read}");
    // Alone, the page keeps its order.
    let read = text(
        "cv.pdf",
        &pdf(&[&first, &line(40, 700, "a page as wide as both columns, which goes on with neither of them")]),
    );
    assert!(read.find("aside 7") < read.find("a page"), "{read}");
}

#[test]
fn a_pdf_without_text_is_scanned_and_a_locked_one_encrypted() {
    let picture = "q 600 0 0 800 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \u{1} EI Q";
    assert_eq!(code("scan.pdf", &pdf(&[picture])), "scanned_document");
    let password = "0".repeat(64);
    let lock =
        format!("/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{password}> /U <{password}> /P -44 >>");
    assert_eq!(code("locked.pdf", &pdf_with(&[&line(50, 700, "Anna")], &lock)), "encrypted_document");
    assert_eq!(code("broken.pdf", b"%PDF-1.7\nnothing more"), "broken_document");
}

#[test]
fn of_a_long_pdf_the_first_pages_are_read() {
    let page = line(50, 700, "one more page");
    let document = read("long.pdf", &pdf(&vec![page.as_str(); 500])).unwrap();
    assert_eq!(document.text.matches("one more page").count(), 1, "a line of every page is a running line");
    assert_eq!(document.notes, ["100 of 500 pages were read"]);
}

#[test]
fn a_docx_gives_lists_tables_and_boxes_but_nothing_hidden_or_deleted() {
    let body = "<w:p><w:r><w:t>Anna Rossi</w:t></w:r></w:p>\
        <w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>built</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>vanished</w:t></w:r><w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>white</w:t></w:r>\
        <w:del><w:r><w:t>deleted</w:t></w:r></w:del></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>2019</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Cook &amp; Baker</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:r><AlternateContent><Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></Choice>\
        <Fallback><w:p><w:r><w:t>boxed</w:t></w:r></w:p></Fallback></AlternateContent></w:r></w:p>";
    let read = text("cv.docx", &docx(body));
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Anna Rossi", "• built", "2019\tCook & Baker", "boxed"]);
}

#[test]
fn white_text_of_a_docx_on_a_coloured_cell_or_paragraph_is_seen() {
    let white = |text: &str| format!("<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>{text}</w:t></w:r>");
    let ground = "<w:shd w:val=\"clear\" w:fill=\"1F3864\"/>";
    let body = format!(
        "<w:tbl><w:tr><w:tc><w:tcPr>{ground}</w:tcPr><w:p>{}</w:p></w:tc></w:tr><w:tr><w:tc><w:p>{}</w:p></w:tc></w:tr></w:tbl>\
         <w:p><w:pPr>{ground}</w:pPr>{}</w:p><w:p>{}</w:p>",
        white("Experience"),
        white("hidden"),
        white("Education"),
        white("concealed")
    );
    let read = text("cv.docx", &docx(&body));
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Experience", "Education"]);
}

#[test]
fn an_odt_gives_lists_and_tables_but_nothing_hidden() {
    let styles = "<style:style style:name=\"T1\"><style:text-properties text:display=\"none\"/></style:style>\
        <style:style style:name=\"T2\"><style:text-properties fo:color=\"#ffffff\"/></style:style>";
    let body = "<text:p>Anna<text:s/>Rossi<text:span text:style-name=\"T1\"> hidden</text:span><text:span text:style-name=\"T2\"> white</text:span></text:p>\
        <text:tracked-changes><text:deletion><text:p>deleted</text:p></text:deletion></text:tracked-changes>\
        <text:list><text:list-item><text:p>built</text:p></text:list-item></text:list>\
        <table:table><table:table-row><table:table-cell><text:p>2019</text:p></table:table-cell><table:table-cell><text:p>Cook</text:p></table:table-cell></table:table-row></table:table>";
    let read = text("cv.odt", &odt(styles, body));
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Anna Rossi", "• built", "2019\tCook"]);
    let locked = archive(&[
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
        ("content.xml", b"noise"),
        ("mimetype", b""),
    ]);
    assert_eq!(code("cv.odt", &locked), "encrypted_document");
}

#[test]
fn html_gives_blocks_but_no_scripts_and_nothing_hidden() {
    let page = "<html><head><title>t</title><style>.gone{display:none} .dark{background:#123}</style><script>var x = 1;</script></head><body>\
        <h1>Anna&nbsp;Rossi</h1><p style='display:none'>a</p><p hidden>b</p><p class='gone'>c</p><span style='font-size:0'>d</span>\
        <span style='color:#fff'>e</span><div style='background:#123'><span style='color:#fff'>seen</span></div>\
        <ul><li>built</li></ul><table><tr><td>2019</td><td>Cook</td></tr></table></body></html>";
    let read = text("cv.html", page.as_bytes());
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Anna Rossi", "seen", "• built", "2019\tCook"]);
}

#[test]
fn paragraphs_within_a_cell_of_html_are_lines() {
    let page = "<table><tr><td><p>2019</p></td><td><p>Cook</p><p>Salt House</p></td></tr></table>\
        <table><tr><td><div>Edson Lopes</div><div>Analyst</div></td></tr></table>";
    let read = text("cv.html", page.as_bytes());
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["2019\tCook", "Salt House", "Edson Lopes", "Analyst"]);
}

#[test]
fn a_short_cell_of_html_stands_beside_the_first_line_of_a_long_one() {
    let row = "<tr><td><p>Verkäuferin</p><p>Sporthaus Amgwerd</p><ul><li>Kasse</li></ul></td><td>2015 – 2019</td></tr>";
    let html = format!("<html><body><table>{row}<tr><td>2010</td><td>Lehre</td></tr></table></body></html>");
    assert_eq!(
        text("cv.html", html.as_bytes()).trim(),
        "Verkäuferin\t2015 – 2019\nSporthaus Amgwerd\n• Kasse\n\n2010\tLehre"
    );
}

#[test]
fn a_cell_of_html_may_begin_with_a_heading_and_long_rows_stay_as_they_are() {
    let row = |title: &str, when: &str| format!("<tr><td><h3>{title}</h3>Acme Ltd</td><td>{when}</td></tr>");
    let html = format!("<table>{}{}</table>", row("Cook", "2015 – 2019"), row("Waiter", "2012 – 2014"));
    let read = text("cv.html", html.as_bytes());
    assert!(read.contains("Cook\t2015 – 2019\n") && read.contains("Waiter\t2012 – 2014\n"), "{read}");
    // Neither takes long.
    let cells = "<td></td>".repeat(200_000);
    text("cv.html", format!("<table><tr><td>{}<br>{cells}</tr></table>", "a ".repeat(200_000)).as_bytes());
    let cells = "<td>x</td>".repeat(100_000);
    text("cv.html", format!("<table><tr><td>a<br>{}<br></td>{cells}</tr></table>", "b<br>".repeat(50_000)).as_bytes());
}

#[test]
fn rtf_gives_its_code_page_and_nothing_hidden() {
    let rtf = br"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0 Arial;}}{\colortbl;\red255\green255\blue255;}Rom\'e2n\u259? {\v hidden}{\cf1 white}\par {\pntext\'B7\tab}built\par 2019\tab Cook}";
    let read = text("cv.rtf", rtf);
    let lines: Vec<&str> = read.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, ["Română", "• built", "2019\tCook"]);
}

#[test]
fn text_is_utf_8_utf_16_or_windows_1252_with_a_note() {
    let utf16: Vec<u8> = std::iter::once(0xFEFF).chain("Köln".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(text("cv.txt", &utf16), "Köln");
    assert_eq!(text("cv.txt", "\u{feff}Köln".as_bytes()), "Köln");
    let document = read("cv.txt", b"K\xF6ln").unwrap();
    assert_eq!((document.text.as_str(), document.notes.len()), ("Köln", 1));
    assert_eq!(code("cv.txt", b"a\0b"), "not_text");
}

#[test]
fn content_counts_before_the_name_and_what_is_no_document_is_named() {
    assert_eq!(read("cv.txt", &docx("<w:p><w:r><w:t>Anna</w:t></w:r></w:p>")).unwrap().text.trim(), "Anna");
    assert_eq!(code("cv.pdf", b"\x89PNG\r\n\x1a\n"), "unsupported_document");
    assert_eq!(code("cv.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), "unsupported_document");
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code("cv.docx", &[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", &name[..]].concat()), "encrypted_document");
    assert_eq!(code("cv.docx", &archive(&[("other.xml", b"x")])), "unsupported_document");
    assert_eq!(code("cv.docx", b"PK\x03\x04 cut off"), "broken_document");
    assert_eq!(code("cv.txt", b" \n"), "empty");
    assert_eq!(code("cv.txt", b""), "empty");
    assert_eq!(code("cv.txt", &vec![b'a'; MAX_FILE_BYTES + 1]), "too_large");
}

#[test]
fn a_bomb_is_not_unpacked() {
    let zeros = vec![b' '; 60 * 1024 * 1024];
    assert_eq!(code("cv.docx", &archive(&[("word/document.xml", &zeros)])), "too_large");
    let packed = {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&zeros).unwrap();
        encoder.finish().unwrap()
    };
    let mut bytes = b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n".to_vec();
    bytes.extend(&packed);
    bytes.extend(b"\nendstream\nendobj\n");
    assert_eq!(code("cv.pdf", &bytes), "too_large");
}

#[test]
fn whatever_is_cut_off_or_changed_gives_text_or_an_error() {
    let small = pdf(&[&line(50, 700, "Anna Rossi")]);
    let word = docx("<w:p><w:r><w:t>Anna Rossi</w:t></w:r></w:p>");
    let rich = br"{\rtf1\ansi{\fonttbl{\f0 Arial;}}Anna\'e8\u259?\par{\b Rossi}}".to_vec();
    for (name, bytes) in [("a.pdf", small), ("a.docx", word), ("a.rtf", rich)] {
        assert!(read(name, &bytes).is_ok(), "{name}");
        for end in 0..bytes.len() {
            let _ = read(name, &bytes[..end]);
        }
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            let _ = read(name, &changed);
        }
    }
}
