namespace Releases.Local;

/// <summary>Represents the racks on this machine: <c>local</c> or <c>local:&lt;folder&gt;</c>.</summary>
public sealed class LocalRackKind : IRackKind
{
    internal const string KindName = "local";
    private const string FolderPrefix = KindName + ":";

    public string Name => KindName;

    public IReadOnlyList<string> AddressForms => [KindName, FolderPrefix + "<folder>"];

    public ArtifactKind ArtifactKind => ArtifactKind.Folder;

    public IRackSetup? Setup => null;

    public IRackBackup? Backup { get; } = new LocalBackup();

    public RackAddress? TryParse(string text, string currentFolder)
    {
        if (text == KindName) return new(this, KindName);
        if (!text.StartsWith(FolderPrefix, StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal)) return null;
        return text[FolderPrefix.Length..] is { Length: > 0 } folder
            ? new(this, FolderPrefix + Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, currentFolder)))
            : null;
    }

    public IRackDaemon Daemon(RackAddress address, TimeProvider time) =>
        LocalDaemon.Of(HomeOf(address), address.Text, new(HomeOf(address), time), time);

    public Task<Rack> Open(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel) =>
        Task.FromResult<Rack>(LocalRack.Open(HomeOf(address), address.Text, time));

    public Task<Rack> OpenToRead(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel) =>
        Task.FromResult<Rack>(LocalRack.OpenToRead(HomeOf(address), address.Text, time));

    internal static LocalHome HomeOf(RackAddress address) =>
        address.Text == KindName ? DefaultHome.Find() : new(address.Text[FolderPrefix.Length..]);
}
