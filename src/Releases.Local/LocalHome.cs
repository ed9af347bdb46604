namespace Releases.Local;

/// <summary>Represents the folder with everything of a local rack: <c>CONVOX_HOME</c>, by default <c>~/.convox</c>.</summary>
/// <param name="Folder">The absolute path of the home.</param>
public sealed record LocalHome(string Folder)
{
    /// <summary>Gets the path of the SQLite database, which is in WAL mode.</summary>
    public string Database => Path.Combine(Folder, "rack.db");

    /// <summary>Gets the path of the vault key: 32 bytes, mode 0600.</summary>
    public string VaultKey => Path.Combine(Folder, "vault.key");

    /// <summary>Gets the folder of the artifacts: read-only publish folders, named by their content hash.</summary>
    public string Artifacts => Path.Combine(Folder, "artifacts");

    /// <summary>Returns the folder of the artifact with this digest, <c>sha256:…</c>.</summary>
    public string ArtifactOf(string digest) => Path.Combine(Artifacts, digest["sha256:".Length..]);

    /// <summary>
    /// Gets the folder of the files of all artifacts, each stored once by content: <c>files/&lt;2 hex&gt;/&lt;62 hex&gt;</c>, read-only.
    /// </summary>
    public string Files => Path.Combine(Folder, "files");

    /// <summary>
    /// Gets the folder that caches the digests of stored publish folders, so that unchanged files aren't read again; it may be deleted.
    /// </summary>
    public string Digests => Path.Combine(Folder, "digests");

    /// <summary>Gets the folder of the artifacts' working copies: <c>work/&lt;app&gt;/&lt;release&gt;/&lt;service&gt;</c>.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>
    /// Gets the folder of the working copies of one-off processes, which are deleted when these end: <c>one-offs/&lt;name&gt;</c>.
    /// </summary>
    public string OneOffs => Path.Combine(Folder, "one-offs");

    /// <summary>Gets the folder of the logs: <c>logs/&lt;app&gt;/&lt;service&gt;.log</c>, mode 0600.</summary>
    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>Gets the folder of data that outlives releases, <c>CONVOX_DATA</c>: <c>data/&lt;app&gt;/&lt;service&gt;</c>.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>
    /// Gets the folder of the content roots of ASP.NET Core services, whose paths are the same for all releases:
    /// <c>content/&lt;app&gt;/&lt;service&gt;</c>.
    /// </summary>
    public string ContentRoots => Path.Combine(Folder, "content");

    /// <summary>Gets the folder of the copies of the tool from which daemons run.</summary>
    public string Tools => Path.Combine(Folder, "tools");

    /// <summary>Gets the lock file that the daemon holds exclusively while it is alive.</summary>
    public string DaemonLock => Path.Combine(Folder, "daemon.lock");

    /// <summary>Gets the lock file that a command holds exclusively while it starts or restarts the daemon.</summary>
    public string StartLock => Path.Combine(Folder, "start.lock");

    /// <summary>Gets the file with the daemon's state: pid, start time, version, socket, port.</summary>
    public string DaemonState => Path.Combine(Folder, "daemon.json");

    /// <summary>Gets the file that ties the home to its folder on this machine.</summary>
    public string Identity => Path.Combine(Folder, "home.id");

    /// <summary>Gets the daemon's log file.</summary>
    public string DaemonLog => Path.Combine(Folder, "daemon.log");

    /// <summary>Gets the file with the ports of the router and the services, which they keep.</summary>
    public string Ports => Path.Combine(Folder, "ports.json");

    /// <summary>Gets the file with the services' traffic and resource usage per minute: a ring of at most 16 MiB.</summary>
    public string Metrics => Path.Combine(Folder, "metrics.ring");

    /// <summary>Gets the file with the router's settings, which users may edit.</summary>
    public string RouterSettings => Path.Combine(Folder, "router.json");

    /// <summary>Gets the folder that records the daemon's processes, so that its successor can end survivors.</summary>
    public string Processes => Path.Combine(Folder, "processes");

    /// <summary>Gets whether the environment names a home.</summary>
    public static bool IsNamed => Named is { Length: > 0 };

    private static string? Named => Environment.GetEnvironmentVariable("CONVOX_HOME");

    /// <summary>Returns the home that the environment names, or the default one.</summary>
    public static LocalHome Default() => Named is { Length: > 0 } home
        ? new(Path.TrimEndingDirectorySeparator(Path.GetFullPath(home)))
        : OfUser();

    /// <summary>Returns the home in the user's own folder, whatever the environment names.</summary>
    internal static LocalHome OfUser() => new(Path.GetFullPath(Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".convox")));
}
