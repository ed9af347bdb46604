namespace Releases.Aws;

/// <summary>Represents the kind of racks on AWS: <c>aws://&lt;region&gt;/&lt;cluster&gt;</c>.</summary>
public sealed class AwsRackKind : IRackKind
{
    internal const string KindName = "aws";

    private readonly AwsConnection? _connection;

    /// <summary>Initializes the kind with the credentials, profile and endpoints of the usual AWS chain.</summary>
    public AwsRackKind() => Setup = new AwsRackSetup(null);

    /// <summary>Initializes the kind with an existing connection.</summary>
    internal AwsRackKind(AwsConnection connection) => (_connection, Setup) = (connection, new AwsRackSetup(connection));

    public string Name => KindName;

    public IReadOnlyList<string> AddressForms => ["aws://<region>/<cluster>"];

    public ArtifactKind ArtifactKind => ArtifactKind.Image;

    public IRackSetup? Setup { get; }

    public IRackBackup? Backup => null;

    public string BackupElsewhere => "DynamoDB's point-in-time recovery is the backup.";

    /// <summary>The permissions of a machine that has just started may take a moment.</summary>
    public bool MayOpenLater(ProblemException failure) => failure.IsTransient || failure.Is(AwsProblemCode.Access);

    public RackAddress? TryParse(string text, string currentFolder) =>
        AwsAddress.TryParse(text) is { } address ? new(this, address.ToString()) : null;

    public async Task<Rack> Open(RackAddress address, TimeProvider time, Action<string> note, CancellationToken cancel)
    {
        var cluster = AwsAddress.TryParse(address.Text)!;
        return _connection is { } connection ? await AwsRack.Open(
            cluster, note, connection, cancel) : await AwsRack.Open(cluster, note, time, cancel);
    }
}
