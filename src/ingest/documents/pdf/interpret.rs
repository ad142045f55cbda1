//! The visible glyphs of a page.
//!
//! A page's content → glyphs with their places. What nobody sees is left out: text of the invisible mode, transparent, smaller
//! than a point, outside of the page, or in the colour of what lies beneath it.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction as Op;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::Resources;

use super::bounded::decoded;
use super::font::Font;

/// The most glyphs of a page.
const MAX_GLYPHS: usize = 200_000;

/// The most instructions of a page, forms within it included.
const MAX_OPERATIONS: usize = 2_000_000;

/// Forms within forms.
const MAX_DEPTH: usize = 8;

/// Text that is smaller is not seen, in points.
const LEAST_SIZE: f32 = 1.2;

/// Colours that are nearer to each other are not told apart.
const LEAST_CONTRAST: f32 = 0.08;

/// The most areas that are remembered to lie beneath text.
const MAX_AREAS: usize = 4_000;

/// So many figures of a path are told apart.
const MOST_FIGURES: usize = 64;

/// Whether two figures are the edges of a border: one lies within the other and is not much smaller. What lies within is not covered.
fn are_ring(one: &PageBox, other: &PageBox) -> bool {
    let area = |figure: &PageBox| (figure.2 - figure.0) * (figure.3 - figure.1);
    let holds = |outer: &PageBox, inner: &PageBox| {
        outer.0 <= inner.0 && outer.1 <= inner.1 && outer.2 >= inner.2 && outer.3 >= inner.3
    };
    let (least, most) = (area(one).min(area(other)), area(one).max(area(other)));
    one != other && (holds(one, other) || holds(other, one)) && least >= most * 0.5
}

/// A matrix of the page: a b c d e f.
type Matrix = [f32; 6];

fn times(first: &Matrix, then: &Matrix) -> Matrix {
    [
        first[0] * then[0] + first[1] * then[2],
        first[0] * then[1] + first[1] * then[3],
        first[2] * then[0] + first[3] * then[2],
        first[2] * then[1] + first[3] * then[3],
        first[4] * then[0] + first[5] * then[2] + then[4],
        first[4] * then[1] + first[5] * then[3] + then[5],
    ]
}

const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn point(matrix: &Matrix, x: f32, y: f32) -> (f32, f32) {
    (x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5])
}

/// A character and where it stands, in points from the lower left.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) end: f32,
    pub(super) size: f32,
}

/// A small filled shape that is about as high as wide: it may be the mark of an item. In points from the lower left.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dot {
    pub(super) x: f32,
    pub(super) end: f32,
    /// Its middle.
    pub(super) y: f32,
}

/// A dot is at least and at most so wide and high, in points.
const DOT: std::ops::RangeInclusive<f32> = 1.0..=6.0;

/// The most dots that are remembered.
const MAX_DOTS: usize = 500;

/// Red, green, blue; `None` where it is not known.
type Colour = Option<[f32; 3]>;

/// What lies beneath the text that comes after it.
struct Area {
    x: (f32, f32),
    y: (f32, f32),
    colour: Colour,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    fill: Colour,
    has_known_space: bool,
    alpha: f32,
    font: Option<Rc<Font>>,
    size: f32,
    character_gap: f32,
    word_gap: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
    mode: i64,
}

/// The page's box: left, bottom, right, top.
pub(super) type PageBox = (f32, f32, f32, f32);

pub(super) struct Interpreter<'b> {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) dots: Vec<Dot>,
    /// Glyphs that were left out since nobody sees them.
    pub(super) hidden: usize,
    /// Glyphs of which no font says the character.
    pub(super) unknown: usize,
    page: PageBox,
    areas: Vec<Area>,
    operations: usize,
    budget: &'b mut usize,
    state: State,
    text: Matrix,
    line: Matrix,
    /// The edges of each figure of the path.
    path: Vec<PageBox>,
    fonts: HashMap<Vec<u8>, Rc<Font>>,
}

impl<'b> Interpreter<'b> {
    pub(super) fn new(page: PageBox, budget: &'b mut usize) -> Self {
        let state = State {
            matrix: IDENTITY,
            fill: Some([0.0; 3]),
            has_known_space: true,
            alpha: 1.0,
            font: None,
            size: 0.0,
            character_gap: 0.0,
            word_gap: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        };
        Self {
            glyphs: Vec::new(),
            dots: Vec::new(),
            hidden: 0,
            unknown: 0,
            page,
            areas: Vec::new(),
            operations: 0,
            budget,
            state,
            text: IDENTITY,
            line: IDENTITY,
            path: Vec::new(),
            fonts: HashMap::new(),
        }
    }

    /// Runs the instructions of a stream.
    pub(super) fn run(&mut self, content: &[u8], resources: &Resources<'_>, depth: usize) {
        let mut held: Vec<State> = Vec::new();
        let mut operations = TypedIter::new(content);
        while let Some(operation) = operations.next() {
            self.operations += 1;
            if self.operations > MAX_OPERATIONS || self.glyphs.len() > MAX_GLYPHS {
                return;
            }
            match operation {
                Op::SaveState(_) if held.len() < 256 => held.push(self.state.clone()),
                Op::RestoreState(_) => {
                    if let Some(state) = held.pop() {
                        self.state = state;
                    }
                }
                Op::Transform(m) => {
                    let matrix = [m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f32());
                    self.state.matrix = times(&matrix, &self.state.matrix);
                }
                Op::XObject(object) => self.object(object.0, resources, depth),
                operation => {
                    if !self.text_operation(&operation, resources) && !self.colour_operation(&operation, resources) {
                        self.path_operation(&operation);
                    }
                }
            }
        }
    }

    fn text_operation(&mut self, operation: &Op<'_, '_>, resources: &Resources<'_>) -> bool {
        match operation {
            Op::BeginText(_) => (self.text, self.line) = (IDENTITY, IDENTITY),
            Op::TextFont(font) => {
                self.state.size = font.1.as_f32();
                self.state.font = self.font(font.0, resources);
            }
            Op::CharacterSpacing(gap) => self.state.character_gap = gap.0.as_f32(),
            Op::WordSpacing(gap) => self.state.word_gap = gap.0.as_f32(),
            Op::HorizontalScaling(scale) => self.state.stretch = scale.0.as_f32() / 100.0,
            Op::TextLeading(leading) => self.state.leading = leading.0.as_f32(),
            Op::TextRise(rise) => self.state.rise = rise.0.as_f32(),
            Op::TextRenderingMode(mode) => self.state.mode = mode.0.as_i64(),
            Op::NextLine(by) => self.next_line(by.0.as_f32(), by.1.as_f32()),
            Op::NextLineAndSetLeading(by) => {
                self.state.leading = -by.1.as_f32();
                self.next_line(by.0.as_f32(), by.1.as_f32());
            }
            Op::NextLineUsingLeading(_) => self.next_line(0.0, -self.state.leading),
            Op::SetTextMatrix(m) => {
                self.line = [m.0, m.1, m.2, m.3, m.4, m.5].map(|number| number.as_f32());
                self.text = self.line;
            }
            Op::ShowText(text) => self.show(text.0.as_bytes()),
            Op::NextLineAndShowText(text) => {
                self.next_line(0.0, -self.state.leading);
                self.show(text.0.as_bytes());
            }
            Op::ShowTextWithParameters(text) => {
                self.state.word_gap = text.0.as_f32();
                self.state.character_gap = text.1.as_f32();
                self.next_line(0.0, -self.state.leading);
                self.show(text.2.as_bytes());
            }
            Op::ShowTexts(texts) => {
                for object in texts.0.iter::<Object<'_>>() {
                    match object {
                        Object::String(text) => self.show(text.as_bytes()),
                        Object::Number(number) => {
                            let by = -number.as_f32() / 1000.0 * self.state.size * self.state.stretch;
                            self.text = times(&[1.0, 0.0, 0.0, 1.0, by, 0.0], &self.text);
                        }
                        _ => {}
                    }
                }
            }
            _ => return false,
        }
        true
    }

    fn colour_operation(&mut self, operation: &Op<'_, '_>, resources: &Resources<'_>) -> bool {
        match operation {
            Op::NonStrokeColorDeviceGray(gray) => self.fill(&[gray.0.as_f32()], true),
            Op::NonStrokeColorDeviceRgb(c) => self.fill(&[c.0, c.1, c.2].map(|part| part.as_f32()), true),
            Op::NonStrokeColorCmyk(c) => self.fill(&[c.0, c.1, c.2, c.3].map(|part| part.as_f32()), true),
            Op::ColorSpaceNonStroke(space) => {
                self.state.has_known_space = is_plain_space(space.0, resources);
                self.state.fill = self.state.has_known_space.then_some([0.0; 3]);
            }
            Op::NonStrokeColor(colour) => {
                let parts: Vec<f32> = colour.0.iter().map(|part| part.as_f32()).collect();
                self.fill(&parts, self.state.has_known_space);
            }
            Op::NonStrokeColorNamed(colour) => {
                let parts: Vec<f32> = colour.0.iter().map(|part| part.as_f32()).collect();
                self.fill(&parts, self.state.has_known_space && colour.1.is_none());
            }
            Op::SetGraphicsState(name) => {
                if let Some(state) = resources.get_ext_g_state(name.0)
                    && let Some(alpha) = state.get::<Number>("ca")
                {
                    self.state.alpha = alpha.as_f32();
                }
            }
            _ => return false,
        }
        true
    }

    fn path_operation(&mut self, operation: &Op<'_, '_>) {
        match operation {
            Op::RectPath(r) => {
                let (x, y, width, height) = (r.0.as_f32(), r.1.as_f32(), r.2.as_f32(), r.3.as_f32());
                self.begin_figure(x, y);
                for (x, y) in [(x + width, y), (x, y + height), (x + width, y + height)] {
                    self.reach(x, y);
                }
            }
            Op::MoveTo(to) => self.begin_figure(to.0.as_f32(), to.1.as_f32()),
            Op::LineTo(to) => self.reach(to.0.as_f32(), to.1.as_f32()),
            Op::CubicTo(to) => self.reach(to.4.as_f32(), to.5.as_f32()),
            Op::FillPathNonZero(_)
            | Op::FillPathNonZeroCompatibility(_)
            | Op::FillPathEvenOdd(_)
            | Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => {
                let is_even_odd = matches!(
                    operation,
                    Op::FillPathEvenOdd(_) | Op::FillAndStrokeEvenOdd(_) | Op::CloseFillAndStrokeEvenOdd(_)
                );
                let figures = std::mem::take(&mut self.path);
                if self.state.alpha > 0.3 {
                    for figure in &figures {
                        let is_ring = is_even_odd && figures.iter().any(|other| are_ring(figure, other));
                        self.cover(*figure, self.state.fill.filter(|_| !is_ring));
                    }
                }
            }
            Op::EndPath(_) | Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.path.clear(),
            _ => {}
        }
    }

    /// Begins a figure at a point; of a path of very many, the last one goes on.
    fn begin_figure(&mut self, x: f32, y: f32) {
        if self.path.len() < MOST_FIGURES {
            let (x, y) = point(&self.state.matrix, x, y);
            self.path.push((x, y, x, y));
        } else {
            self.reach(x, y);
        }
    }

    fn reach(&mut self, x: f32, y: f32) {
        let (x, y) = point(&self.state.matrix, x, y);
        match self.path.last_mut() {
            None => self.path.push((x, y, x, y)),
            Some((left, bottom, right, top)) => {
                (*left, *bottom, *right, *top) = (left.min(x), bottom.min(y), right.max(x), top.max(y));
            }
        }
    }

    fn cover(&mut self, (left, bottom, right, top): (f32, f32, f32, f32), colour: Colour) {
        let (width, height) = (right - left, top - bottom);
        let dot = Dot { x: left, end: right, y: (bottom + top) / 2.0 };
        let is_drawn = |other: &Dot| (other.x - dot.x).abs() < 0.5 && (other.y - dot.y).abs() < 0.5;
        let is_dot = DOT.contains(&width) && DOT.contains(&height) && (width - height).abs() < 1.0;
        if is_dot && self.dots.len() < MAX_DOTS && !self.dots.iter().any(is_drawn) {
            self.dots.push(dot);
        }
        if self.areas.len() < MAX_AREAS && right - left > 4.0 && top - bottom > 4.0 {
            self.areas.push(Area { x: (left, right), y: (bottom, top), colour });
        }
    }

    fn fill(&mut self, parts: &[f32], is_known: bool) {
        self.state.fill = match *parts {
            _ if !is_known => None,
            [gray] => Some([gray; 3]),
            [red, green, blue] => Some([red, green, blue]),
            [cyan, magenta, yellow, black] => Some([cyan, magenta, yellow].map(|part| (1.0 - part) * (1.0 - black))),
            _ => None,
        };
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line = times(&[1.0, 0.0, 0.0, 1.0, x, y], &self.line);
        self.text = self.line;
    }

    fn font(&mut self, name: &Name<'_>, resources: &Resources<'_>) -> Option<Rc<Font>> {
        let dict = resources.get_font(name)?;
        // The bytes of a font's dictionary tell it from others of the same name in forms.
        let key: Vec<u8> = dict.data().iter().copied().take(4_096).collect();
        if let Some(known) = self.fonts.get(&key) {
            return Some(known.clone());
        }
        let font = Rc::new(Font::of(&dict, self.budget));
        self.fonts.insert(key, font.clone());
        Some(font)
    }

    fn show(&mut self, bytes: &[u8]) {
        let Some(font) = self.state.font.clone() else { return };
        for code in font.codes(bytes) {
            let size = self.state.size;
            let whole = times(&self.text, &self.state.matrix);
            let (x, y) = point(&whole, 0.0, self.state.rise);
            let (end, _) = point(&whole, code.width * size * self.state.stretch, self.state.rise);
            let height = (whole[2].hypot(whole[3]) * size).abs();
            match code.text {
                None => self.unknown += 1,
                Some(text) if self.is_seen(x, y, end, height) => {
                    self.glyphs.push(Glyph { text, x: x.min(end), y, end: end.max(x), size: height });
                }
                Some(_) => self.hidden += 1,
            }
            let gap = if code.is_space { self.state.word_gap } else { 0.0 };
            let by = (code.width * size + self.state.character_gap + gap) * self.state.stretch;
            self.text = times(&[1.0, 0.0, 0.0, 1.0, by, 0.0], &self.text);
        }
    }

    fn is_seen(&self, x: f32, y: f32, end: f32, height: f32) -> bool {
        let (left, bottom, right, top) = self.page;
        let is_on_page = end.max(x) > left - 1.0 && x.min(end) < right + 1.0 && y + height > bottom && y < top;
        if matches!(self.state.mode, 3 | 7) || height < LEAST_SIZE || self.state.alpha < 0.1 || !is_on_page {
            return false;
        }
        // Outlines are drawn in a colour of their own.
        if matches!(self.state.mode, 1 | 2 | 5 | 6) {
            return true;
        }
        let (middle_x, middle_y) = ((x + end) / 2.0, y + height * 0.3);
        let holds =
            |area: &&Area| (area.x.0..=area.x.1).contains(&middle_x) && (area.y.0..=area.y.1).contains(&middle_y);
        let beneath = self.areas.iter().rev().find(holds).map_or(Some([1.0; 3]), |area| area.colour);
        match (self.state.fill, beneath) {
            (Some(text), Some(beneath)) => {
                text.iter().zip(beneath).any(|(text, beneath)| (text - beneath).abs() > LEAST_CONTRAST)
            }
            _ => true,
        }
    }

    fn object(&mut self, name: &Name<'_>, resources: &Resources<'_>, depth: usize) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict();
        match dict.get::<Name<'_>>("Subtype").as_deref() {
            Some(b"Image") => {
                let corners =
                    [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(x, y)| point(&self.state.matrix, x, y));
                let least = |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::INFINITY, f32::min);
                let most = |pick: fn(&(f32, f32)) -> f32| corners.iter().map(pick).fold(f32::NEG_INFINITY, f32::max);
                self.cover((least(|c| c.0), least(|c| c.1), most(|c| c.0), most(|c| c.1)), None);
            }
            Some(b"Form") if depth < MAX_DEPTH => self.form(&stream, dict, resources, depth),
            _ => {}
        }
    }

    fn form(&mut self, stream: &Stream<'_>, dict: &Dict<'_>, resources: &Resources<'_>, depth: usize) {
        let Some(content) = decoded(stream, self.budget) else { return };
        let held = self.state.clone();
        let matrix: Vec<f32> = dict
            .get::<Array<'_>>("Matrix")
            .map(|matrix| matrix.iter::<Number>().take(6).map(|number| number.as_f32()).collect())
            .unwrap_or_default();
        if let Ok(matrix) = Matrix::try_from(matrix) {
            self.state.matrix = times(&matrix, &self.state.matrix);
        }
        match dict.get::<Dict<'_>>("Resources") {
            Some(own) => self.run(&content, &Resources::new(own), depth + 1),
            None => self.run(&content, resources, depth + 1),
        }
        self.state = held;
    }
}

/// Whether the parts of a colour of a space are gray, RGB or CMYK by their number.
fn is_plain_space(name: &Name<'_>, resources: &Resources<'_>) -> bool {
    let is_plain = |name: &str| {
        ["DeviceGray", "DeviceRGB", "DeviceCMYK", "CalGray", "CalRGB", "ICCBased", "G", "RGB", "CMYK"].contains(&name)
    };
    if is_plain(name.as_str()) {
        return true;
    }
    match resources.get_color_space(name) {
        Some(Object::Name(name)) => is_plain(name.as_str()),
        Some(Object::Array(array)) => array.iter::<Name<'_>>().next().is_some_and(|name| is_plain(name.as_str())),
        _ => false,
    }
}
