namespace Releases.Local;

/// <summary>Where everything of a local rack lies: one folder, <c>CONVOX_HOME</c>, by default <c>~/.convox</c>.</summary>
/// <param name="Folder">The absolute path of the home.</param>
public sealed record LocalHome(string Folder)
{
    /// <summary>The records: SQLite in WAL mode.</summary>
    public string Database => Path.Combine(Folder, "rack.db");

    /// <summary>The vault's key, 32 bytes, mode 0600.</summary>
    public string VaultKey => Path.Combine(Folder, "vault.key");

    /// <summary>Publish folders under their content hash, read-only.</summary>
    public string Artifacts => Path.Combine(Folder, "artifacts");

    /// <summary>The folder of the artifact with this digest, <c>sha256:…</c>.</summary>
    public string ArtifactOf(string digest) => Path.Combine(Artifacts, digest["sha256:".Length..]);

    /// <summary>The files of all artifacts, each once, by content: <c>files/&lt;2 hex&gt;/&lt;62 hex&gt;</c>, read-only.</summary>
    public string Files => Path.Combine(Folder, "files");

    /// <summary>The digests of publish folders that were stored, so that unchanged files aren't read again; may be deleted.</summary>
    public string Digests => Path.Combine(Folder, "digests");

    /// <summary>The artifacts' working copies: <c>work/&lt;app&gt;/&lt;release&gt;/&lt;service&gt;</c>.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>The working copies of one-off processes, gone when they end: <c>one-offs/&lt;name&gt;</c>.</summary>
    public string OneOffs => Path.Combine(Folder, "one-offs");

    /// <summary>What processes printed: <c>logs/&lt;app&gt;/&lt;service&gt;.log</c>, mode 0600.</summary>
    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>Folders that outlive releases, <c>CONVOX_DATA</c>: <c>data/&lt;app&gt;/&lt;service&gt;</c>.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>
    /// The content root of each service that ASP.NET Core runs, the same path over all its releases:
    /// <c>content/&lt;app&gt;/&lt;service&gt;</c>.
    /// </summary>
    public string ContentRoots => Path.Combine(Folder, "content");

    /// <summary>Copies of the tool that daemons run from.</summary>
    public string Tools => Path.Combine(Folder, "tools");

    /// <summary>Held exclusively by the daemon as long as it lives.</summary>
    public string DaemonLock => Path.Combine(Folder, "daemon.lock");

    /// <summary>What the daemon says of itself: pid, start, version, socket, port.</summary>
    public string DaemonState => Path.Combine(Folder, "daemon.json");

    /// <summary>What the daemon has to say.</summary>
    public string DaemonLog => Path.Combine(Folder, "daemon.log");

    /// <summary>The ports given to the router and to services; they are kept.</summary>
    public string Ports => Path.Combine(Folder, "ports.json");

    /// <summary>What services served and used, minute by minute: a ring of at most 16 MiB.</summary>
    public string Metrics => Path.Combine(Folder, "metrics.ring");

    /// <summary>What a person may set of the router.</summary>
    public string RouterSettings => Path.Combine(Folder, "router.json");

    /// <summary>The processes that the daemon started, so that its successor can end survivors.</summary>
    public string Processes => Path.Combine(Folder, "processes");

    /// <summary>The home that the environment names.</summary>
    public static LocalHome Default() => new(Path.GetFullPath(
        Environment.GetEnvironmentVariable("CONVOX_HOME") is { Length: > 0 } home
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
                ".convox")));
}
