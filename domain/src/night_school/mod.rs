//! night_school
