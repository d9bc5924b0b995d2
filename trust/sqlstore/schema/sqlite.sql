-- The platform's tables for one service and its file. Times are texts in UTC.
CREATE TABLE IF NOT EXISTS ca_cert_store (
    cert_id         TEXT NOT NULL PRIMARY KEY,
    cert_subject    TEXT NOT NULL,
    cert_issuer     TEXT NOT NULL,
    issuer_id       TEXT NOT NULL,
    cert_not_before TEXT,
    cert_not_after  TEXT,
    crl_uri         TEXT,
    cert_data       TEXT,
    cert_thumbprint TEXT,
    cert_serial_no  TEXT,
    partner_domain  TEXT,
    cr_by           TEXT,
    cr_dtimes       TEXT,
    upd_by          TEXT,
    upd_dtimes      TEXT,
    is_deleted      BOOLEAN DEFAULT FALSE,
    del_dtimes      TEXT,
    ca_cert_type    TEXT,
    row_version     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (cert_thumbprint, partner_domain)
);

-- One row: the number of changes so far. Every version of every row gets a
-- number of its own, whoever writes it.
CREATE TABLE IF NOT EXISTS ca_cert_store_version (
    one     INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL
);

INSERT OR IGNORE INTO ca_cert_store_version VALUES (1, 0);

CREATE TRIGGER IF NOT EXISTS ca_cert_store_inserted AFTER INSERT ON ca_cert_store
BEGIN
    UPDATE ca_cert_store_version SET version = version + 1;
    UPDATE ca_cert_store SET row_version = (SELECT version FROM ca_cert_store_version) WHERE rowid = NEW.rowid;
END;

CREATE TRIGGER IF NOT EXISTS ca_cert_store_updated AFTER UPDATE ON ca_cert_store WHEN NEW.row_version = OLD.row_version
BEGIN
    UPDATE ca_cert_store_version SET version = version + 1;
    UPDATE ca_cert_store SET row_version = (SELECT version FROM ca_cert_store_version) WHERE rowid = NEW.rowid;
END;

CREATE TRIGGER IF NOT EXISTS ca_cert_store_deleted AFTER DELETE ON ca_cert_store
BEGIN
    UPDATE ca_cert_store_version SET version = version + 1;
END;

CREATE TABLE IF NOT EXISTS partner_cert_store (
    cert_id           TEXT NOT NULL PRIMARY KEY,
    cert_subject      TEXT NOT NULL,
    cert_issuer       TEXT NOT NULL,
    issuer_id         TEXT NOT NULL,
    cert_not_before   TEXT,
    cert_not_after    TEXT,
    partner_domain    TEXT,
    cert_data         TEXT,
    signed_cert_data  TEXT,
    key_usage         TEXT,
    organization_name TEXT,
    cert_thumbprint   TEXT,
    cert_serial_no    TEXT,
    cr_by             TEXT,
    cr_dtimes         TEXT,
    upd_by            TEXT,
    upd_dtimes        TEXT,
    is_deleted        BOOLEAN DEFAULT FALSE,
    del_dtimes        TEXT
);
