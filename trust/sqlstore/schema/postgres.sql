-- The tables in which the platform keeps certificates, as of its release 1.3.
CREATE SCHEMA IF NOT EXISTS {schema};

CREATE TABLE IF NOT EXISTS {schema}.ca_cert_store (
    cert_id         character varying(36)  NOT NULL,
    cert_subject    character varying(500) NOT NULL,
    cert_issuer     character varying(500) NOT NULL,
    issuer_id       character varying(36)  NOT NULL,
    cert_not_before timestamp,
    cert_not_after  timestamp,
    crl_uri         character varying(120),
    cert_data       character varying,
    cert_thumbprint character varying(100),
    cert_serial_no  character varying(50),
    partner_domain  character varying(36),
    cr_by           character varying(256),
    cr_dtimes       timestamp,
    upd_by          character varying(256),
    upd_dtimes      timestamp,
    is_deleted      boolean DEFAULT FALSE,
    del_dtimes      timestamp,
    ca_cert_type    character varying(25),
    CONSTRAINT pk_cacs_id PRIMARY KEY (cert_id),
    CONSTRAINT cert_thumbprint_unique UNIQUE (cert_thumbprint, partner_domain)
);

CREATE TABLE IF NOT EXISTS {schema}.partner_cert_store (
    cert_id           character varying(36)  NOT NULL,
    cert_subject      character varying(500) NOT NULL,
    cert_issuer       character varying(500) NOT NULL,
    issuer_id         character varying(36)  NOT NULL,
    cert_not_before   timestamp,
    cert_not_after    timestamp,
    partner_domain    character varying(36),
    cert_data         character varying,
    signed_cert_data  character varying,
    key_usage         character varying(150),
    organization_name character varying(120),
    cert_thumbprint   character varying(100),
    cert_serial_no    character varying(50),
    cr_by             character varying(256),
    cr_dtimes         timestamp,
    upd_by            character varying(256),
    upd_dtimes        timestamp,
    is_deleted        boolean DEFAULT FALSE,
    del_dtimes        timestamp,
    CONSTRAINT pk_parcs_id PRIMARY KEY (cert_id)
);
