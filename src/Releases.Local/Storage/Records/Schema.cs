namespace Releases.Local;

/// <summary>Defines the tables of a rack, and which versions may access them.</summary>
internal static class Schema
{
    /// <summary>The format that this version reads and writes.</summary>
    public const int Format = 1;

    /// <summary>Determines whether the rack's tables exist.</summary>
    public const string Exists = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'rack'";

    /// <summary>Determines whether all tables exist that were added since the first version.</summary>
    public const string IsComplete =
        "SELECT count(*) = 3 FROM sqlite_schema WHERE type = 'table' AND name IN ('build_logs', 'hooks', 'documents')";

    /// <summary>Determines whether the table of hooks exists.</summary>
    public const string HasHooks = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'hooks'";

    /// <summary>Returns the lowest formats that may read and write.</summary>
    public const string Versions = "SELECT reader, writer FROM rack WHERE id = 1";

    /// <summary>
    /// Creates every table that doesn't exist. Documents are JSON; columns beside them are for lookups and sorting, or change while the
    /// document doesn't. Lists are read backward along a key.
    /// </summary>
    public const string Create = """
        CREATE TABLE IF NOT EXISTS rack (
            id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, reader INTEGER NOT NULL, writer INTEGER NOT NULL);
        INSERT OR IGNORE INTO rack (id, format, reader, writer) VALUES (1, 1, 1, 1);

        CREATE TABLE IF NOT EXISTS apps (name TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS locks (app TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS manifests (id TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS snapshots (
            app TEXT NOT NULL, id TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (app, id));

        CREATE TABLE IF NOT EXISTS releases (
            app TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, outcome TEXT, document TEXT NOT NULL,
            PRIMARY KEY (app, number), UNIQUE (app, id)) WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS builds (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (app, id));
        CREATE INDEX IF NOT EXISTS builds_in_order ON builds (app, sequence);

        CREATE TABLE IF NOT EXISTS build_logs (
            app TEXT NOT NULL, build TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (app, build, part));

        CREATE TABLE IF NOT EXISTS documents (app TEXT NOT NULL, digest TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (app, digest));

        CREATE TABLE IF NOT EXISTS promotions (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, UNIQUE (app, id));
        CREATE INDEX IF NOT EXISTS promotions_in_order ON promotions (app, sequence);

        CREATE TABLE IF NOT EXISTS events (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, document TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS events_in_order ON events (app, sequence);

        CREATE TABLE IF NOT EXISTS hooks (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL, progress TEXT,
            UNIQUE (app, id));
        """;
}
