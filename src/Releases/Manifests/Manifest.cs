namespace Releases;

/// <summary>What <c>convox.yml</c> says: the services of an app and how each is run. Always valid.</summary>
public sealed record Manifest
{
    /// <summary>The variables that every service declares.</summary>
    public IReadOnlyList<EnvironmentDeclaration> Environment { get; init; } = [];

    /// <summary>The services in the order of the file; at least one.</summary>
    public required IReadOnlyList<Service> Services { get; init; }

    /// <summary>The number of the oldest release that can be rolled back to once this one is active; null: any.</summary>
    public long? Oldest { get; init; }

    /// <summary>The service with this name, or null.</summary>
    public Service? Find(ServiceName name) => Services.FirstOrDefault(s => s.Name == name);

    /// <summary>The limit of a promotion: the largest <c>deployment.timeout</c>.</summary>
    public TimeSpan Timeout => Services.Max(s => s.Deployment.Timeout);
}

/// <summary>One kind of process of an app.</summary>
public sealed record Service
{
    /// <summary>The name.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>The path of the project that is this service, relative to the app's folder.</summary>
    public string? Build { get; init; }

    /// <summary>A container image instead of a project; not on the local rack.</summary>
    public string? Image { get; init; }

    /// <summary>What starts it instead of the artifact's entry point.</summary>
    public ProcessCommand? Command { get; init; }

    /// <summary>The port of the container on AWS; on the local rack it says only that the service listens.</summary>
    public int? Port { get; init; }

    /// <summary>The scheme that the port states (<c>grpc</c>); null: none, so HTTP.</summary>
    public string? Scheme { get; init; }

    /// <summary>The host names that its template on AWS routes to it; <c>${NAME}</c> as written.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Whether its template on AWS keeps it away from the public load balancer.</summary>
    public bool Internal { get; init; }

    /// <summary>Whether a client stays with the process that answered it first; on AWS the target group decides.</summary>
    public bool Sticky { get; init; }

    /// <summary>How its health is checked.</summary>
    public HealthCheck Health { get; init; } = new();

    /// <summary>How many processes, and how large.</summary>
    public ServiceScale Scale { get; init; } = new();

    /// <summary>How a rollout goes, and its limits.</summary>
    public Deployment Deployment { get; init; } = new();

    /// <summary>How long requests in flight get when a process is replaced.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process gets between SIGTERM and SIGKILL.</summary>
    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A command that runs once before the rollout.</summary>
    public ProcessCommand? Release { get; init; }

    /// <summary>A command that tries the new processes once before they get traffic.</summary>
    public ProcessCommand? Verify { get; init; }

    /// <summary>The variables that it declares in addition to the app's.</summary>
    public IReadOnlyList<EnvironmentDeclaration> Environment { get; init; } = [];

    /// <summary>The keys that begin with <c>x-</c>, as written in the file: a rack reads its own and ignores the others.</summary>
    internal IReadOnlyDictionary<string, YamlValue> Extensions { get; init; } = ManifestSection.NoExtensions;

    /// <summary>
    /// Which of the settings the text states (<c>deployment.minimum</c>, <c>scale.cpu</c>…); the AWS rack writes only those.
    /// </summary>
    public IReadOnlySet<string> Stated { get; init; } = new HashSet<string>();
}

/// <summary>A command as in Convox: a text for <c>sh -c</c>, or a list that is executed as it is.</summary>
public sealed record ProcessCommand
{
    /// <summary>The text for <c>sh -c</c>; null for a list.</summary>
    public string? Shell { get; init; }

    /// <summary>The program and its arguments; empty for a text.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Of a command line: several words, and one without spaces, run as they are; one with spaces is for the shell.</summary>
    public static ProcessCommand FromWords(IReadOnlyList<string> words) =>
        words is [var text] && text.Any(char.IsWhiteSpace) ? new() { Shell = text } : new() { Arguments = words };

    /// <summary>As a person would read it.</summary>
    public override string ToString() => Shell ?? string.Join(' ', Arguments);
}

/// <summary>How the health of a service is checked.</summary>
public sealed record HealthCheck
{
    /// <summary>The path the manifest states: then healthy is 200–399. Null: any answer below 500 on <c>/</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The Host header of the check on the local rack; null: <c>localhost</c>.</summary>
    public string? Host { get; init; }

    /// <summary>How long a starting process is left alone.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From one check to the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>How many processes, and how large.</summary>
public sealed record ServiceScale
{
    /// <summary>How many processes, from 0.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The most processes that a range states; null: it states no range.</summary>
    public int? Most { get; init; }

    /// <summary>CPU units, 1024 each core; for the AWS rack.</summary>
    public int? Cpu { get; init; }

    /// <summary>MiB; for the AWS rack.</summary>
    public int? Memory { get; init; }

    /// <summary>What Application Auto Scaling aims for on AWS; null: nothing is stated.</summary>
    public ScaleTargets? Targets { get; init; }

    /// <summary>Whether it is a range, within which something else than a promotion chooses the count.</summary>
    public bool IsRange => Most > Count;
}

/// <summary>What automatic scaling aims for, as an average of the processes.</summary>
/// <param name="Cpu">Percent of the CPU; null: not stated.</param>
/// <param name="Memory">Percent of the memory; null: not stated.</param>
/// <param name="Requests">Requests a minute for each process; null: not stated.</param>
public sealed record ScaleTargets(int? Cpu, int? Memory, int? Requests);

/// <summary>One entry of <c>environment</c>: <c>KEY</c> (required), <c>KEY=default</c>, or <c>*</c> (every variable).</summary>
/// <param name="Key">The variable, or <c>*</c>.</param>
/// <param name="Default">The default; null: required.</param>
public sealed record EnvironmentDeclaration(string Key, string? Default)
{
    /// <summary>Whether it stands for every variable.</summary>
    public bool IsEverything => Key == "*";
}
