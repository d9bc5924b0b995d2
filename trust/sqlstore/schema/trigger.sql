-- Tells listeners that the table changed. Once per statement, and delivered
-- once per transaction: the payload is the same, so duplicates are dropped.
CREATE OR REPLACE FUNCTION {schema}.partnertrust_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('partnertrust_ca_cert_store', TG_TABLE_SCHEMA);
    RETURN NULL;
END;
$$;

DROP TRIGGER IF EXISTS partnertrust_notify ON {schema}.ca_cert_store;

CREATE TRIGGER partnertrust_notify
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {schema}.ca_cert_store
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.partnertrust_notify();
