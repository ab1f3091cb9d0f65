-- What the SQL of an indicator may call. Cycles are given as months or days, the other is null.
CREATE MACRO cycles_elapsed(anchor, day, months, days) AS
    CASE WHEN day IS NULL OR day < anchor THEN 0
         WHEN months > 0 THEN datesub('month', anchor, day) // months
         WHEN days > 0 THEN datesub('day', anchor, day) // days
         ELSE 0 END;
CREATE MACRO cycle_end(day, months, days) AS
    CASE WHEN months > 0 THEN CAST(day + to_months(months) AS DATE)
         WHEN days > 0 THEN CAST(day + to_days(days) AS DATE) END;
CREATE MACRO person_key(unit, id_number, name, place) AS
    coalesce(id_number, concat(unit, '|', name, '|', place));

CREATE TABLE _windows (_window UTINYINT, _first DATE, _last DATE, _opening DATE, _closing DATE);
CREATE TABLE _days (_day DATE, _window UTINYINT);
CREATE TABLE _months (_window UTINYINT, last DATE);
CREATE TABLE _units (_unit USMALLINT, households BIGINT, residents BIGINT);
CREATE TABLE _places (_under USMALLINT, _node USMALLINT, _since DATE, _until DATE);
CREATE TABLE _submissions (_unit USMALLINT, _window UTINYINT, due BIGINT, on_time BIGINT);
CREATE VIEW windows AS
    SELECT _window, _first AS first, _last AS last, _opening AS opening, _closing AS closing
    FROM _windows;
CREATE VIEW months AS SELECT _window, last FROM _months;
CREATE SCHEMA _past;
