//! One value of a TOML file as a text, a number or a time; or what is wrong with it, in words.

use std::time::Duration;

use toml::de::DeValue;

use super::quantity;
use crate::diagnostic::Code;

/// A value, and where it stands.
pub(super) type Value<'a> = &'a toml::Spanned<DeValue<'a>>;

/// What is wrong with a value.
pub(super) type Wrong = (Code, String);

pub(super) fn bad_value(message: String) -> Wrong {
    (Code::WrongValue, message)
}

pub(super) fn string(value: Value<'_>) -> Result<&str, Wrong> {
    value
        .get_ref()
        .as_str()
        .ok_or_else(|| (Code::WrongType, format!("expected a text in quotes, found {}", type_name(value))))
}

/// A text in one line. A terminal would obey other control characters, so they are refused.
pub(super) fn one_line(value: Value<'_>) -> Result<String, Wrong> {
    let text = string(value)?;
    if let Some(control) = text.chars().find(|c| c.is_control() && !c.is_whitespace()) {
        let message = format!("expected plain text, found the control character U+{:04X}", u32::from(control));
        return Err(bad_value(message));
    }
    if !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    let mut joined = String::with_capacity(text.len());
    for line in text.split(char::is_control).map(str::trim).filter(|line| !line.is_empty()) {
        joined.extend((!joined.is_empty()).then_some(' '));
        joined += line;
    }
    Ok(joined)
}

/// A text or a bare number, as text.
pub(super) fn scalar(value: Value<'_>) -> Result<String, Wrong> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(number) if number.radix() != 10 => {
            Err(bad_value(format!("expected a number in tens, found one in base {}", number.radix())))
        }
        DeValue::Integer(number) => Ok(number.as_str().to_owned()),
        DeValue::Float(number) => Ok(number.as_str().to_owned()),
        _ => Err((Code::WrongType, format!("expected a quantity such as \"30s\", found {}", type_name(value)))),
    }
}

pub(super) fn single_time(value: Value<'_>) -> Result<Duration, Wrong> {
    let time = quantity::time(&scalar(value)?).map_err(bad_value)?;
    time.one().ok_or_else(|| bad_value("expected one time, found a range".into()))
}

pub(super) fn items(value: Value<'_>) -> Vec<Value<'_>> {
    match value.get_ref().as_array() {
        Some(list) => list.iter().collect(),
        None => vec![value],
    }
}

pub(super) fn type_name(value: Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => format!("`{truth}`"),
        DeValue::Datetime(_) => "a date".into(),
        DeValue::Array(_) => "a list".into(),
        DeValue::Table(_) => "a table".into(),
    }
}
