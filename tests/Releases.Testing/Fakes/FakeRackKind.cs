namespace Releases.Testing;

/// <summary>A kind of rack whose addresses begin with its name; what opens one is what the test says.</summary>
public sealed class FakeRackKind(string name, Func<RackAddress, Rack> open) : IRackKind, IRackSetup
{
    /// <summary>Kinds named as the real ones, which open nothing.</summary>
    public static RackKinds Unopened { get; } = new(new FakeRackKind("local", Nothing), new FakeRackKind("aws", Nothing));

    public string Name => name;

    public IReadOnlyList<string> AddressForms { get; init; } = [name];

    public ArtifactKind ArtifactKind => HasSetup ? ArtifactKind.Image : ArtifactKind.Folder;

    /// <summary>Whether a rack of this kind stands on something.</summary>
    public bool HasSetup { get; init; }

    /// <summary>What its check finds.</summary>
    public IReadOnlyList<RackFinding> Findings { get; init; } = [];

    public string Template { get; init; } = "";

    public AppTemplate TemplateOf(AppName app, Manifest manifest, RackAddress? address) =>
        new($"# {app} on {address?.Text ?? name}: {string.Join(", ", manifest.Services.Select(s => s.Name))}\n", AppWarnings);

    /// <summary>What the template of an app warns of.</summary>
    public IReadOnlyList<string> AppWarnings { get; init; } = [];

    public IRackSetup? Setup => HasSetup ? this : null;

    public IRackBackup? Backup { get; init; }

    /// <summary>The process that runs the services of its racks; null: they have none.</summary>
    public IRackDaemon? RunBy { get; init; }

    public IRackDaemon? Daemon(RackAddress address, TimeProvider time) => RunBy;

    public string? BackupElsewhere { get; init; }

    /// <summary>How the real one reads addresses, where the test has it.</summary>
    public Func<string, string, string?>? Reads { get; init; }

    public RackAddress? TryParse(string text, string currentFolder)
    {
        if (Reads is { } reads) return reads(text, currentFolder) is { } read ? new(this, read) : null;
        if (text == name || text.StartsWith($"{name}://", StringComparison.Ordinal)) return new(this, text);
        return text.StartsWith($"{name}:", StringComparison.Ordinal)
            ? new(this, $"{name}:{Path.GetFullPath(text[(name.Length + 1)..], currentFolder)}")
            : null;
    }

    public Task<Rack> Open(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel) =>
        Task.FromResult(open(address));

    public Task Init(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel) => Task.CompletedTask;

    public Task<PushTarget> AgentImageTarget(RackAddress address, TimeProvider time, CancellationToken cancel) =>
        Task.FromResult(new PushTarget("registry.example.org", "convox-production/agent", "AWS", "a token"));

    public Task<RackCheck> Check(
        RackAddress address, AppName app, Manifest? manifest, TimeProvider time, CancellationToken cancel) =>
        Task.FromResult(new RackCheck(Findings, "IAM was asked about the policies of arn:aws:iam::111122223333:role/deployer: the rack."));

    private static Rack Nothing(RackAddress address) => throw new InvalidOperationException($"{address} is not to be opened.");
}
