namespace Releases.Local;

/// <summary>The tables of a rack, and which versions may touch them.</summary>
internal static class Schema
{
    /// <summary>The format that this version reads and writes.</summary>
    public const int Format = 1;

    /// <summary>Whether the rack's tables are there.</summary>
    public const string Exists = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'rack'";

    /// <summary>Whether they are all there that this version has, and the first one had not.</summary>
    public const string IsComplete =
        "SELECT count(*) = 3 FROM sqlite_schema WHERE type = 'table' AND name IN ('build_logs', 'hooks', 'documents')";

    /// <summary>Whether the table of hooks is there.</summary>
    public const string HasHooks = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'hooks'";

    /// <summary>The lowest formats that may read and write.</summary>
    public const string Versions = "SELECT reader, writer FROM rack WHERE id = 1";

    /// <summary>
    /// Every table, harmless if it exists. Documents are JSON; a column next to one is for lookups,
    /// to order by, or because it changes while the document does not. Lists are read backwards along a key.
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
