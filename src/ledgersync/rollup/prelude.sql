-- The engine's own tables.
CREATE TABLE _windows (_window UTINYINT, _first DATE, _last DATE, _opening DATE, _closing DATE);
CREATE TABLE _days (_day DATE, _window UTINYINT);
CREATE TABLE _months (_window UTINYINT, last DATE);
CREATE TABLE _units (_unit USMALLINT, households BIGINT, residents BIGINT);
CREATE TABLE _places (
    _under USMALLINT, _node USMALLINT, _since DATE, _until DATE, _own BOOLEAN);
CREATE TABLE _shared (_source UTINYINT, _unit USMALLINT, _record VARCHAR);
CREATE TABLE _submissions (_unit USMALLINT, _window UTINYINT, due BIGINT, on_time BIGINT);
CREATE VIEW windows AS
    SELECT _window, _first AS first, _last AS last, _opening AS opening, _closing AS closing
    FROM _windows;
CREATE VIEW months AS SELECT _window, last FROM _months;
CREATE SCHEMA _past;
