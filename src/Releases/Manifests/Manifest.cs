namespace Releases;

/// <summary>Represents the content of <c>convox.yml</c>: the services of an app and how each is run. Always valid.</summary>
public sealed record Manifest
{
    /// <summary>The variables that every service declares.</summary>
    public IReadOnlyList<EnvironmentDeclaration> Environment { get; init; } = [];

    /// <summary>The services in the order of the file; at least one.</summary>
    public required IReadOnlyList<Service> Services { get; init; }

    /// <summary>The number of the oldest release that can be rolled back to once this one is active, or null if any can.</summary>
    public long? Oldest { get; init; }

    /// <summary>Returns the service with this name, or null if there is none.</summary>
    public Service? Find(ServiceName name) => Services.FirstOrDefault(s => s.Name == name);

    /// <summary>Whether a service has a <c>verify</c> command, or takes steps, is judged, or keeps its old processes for a while.</summary>
    public bool HasPlan => Services.Any(s => s.Verify is not null || s.Deployment.HasPlan);

    /// <summary>The time limit of a promotion: the largest <c>deployment.timeout</c>.</summary>
    public TimeSpan Timeout => Services.Max(s => s.Deployment.Timeout);
}

/// <summary>Represents one kind of process of an app.</summary>
public sealed record Service
{
    /// <summary>The name.</summary>
    public required ServiceName Name { get; init; }

    /// <summary>The path of the service's project, relative to the app's folder.</summary>
    public string? Build { get; init; }

    /// <summary>A container image instead of a project; not supported on the local rack.</summary>
    public string? Image { get; init; }

    /// <summary>The command that replaces the artifact's entry point.</summary>
    public ProcessCommand? Command { get; init; }

    /// <summary>The port of the container on AWS; on the local rack, it only means that the service listens.</summary>
    public int? Port { get; init; }

    /// <summary>The scheme of the port (<c>grpc</c>), or null if none is stated, which means HTTP.</summary>
    public string? Scheme { get; init; }

    /// <summary>The host names that the app's AWS template routes to the service, with <c>${NAME}</c> as written.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Whether the app's AWS template keeps the service off the public load balancer.</summary>
    public bool Internal { get; init; }

    /// <summary>Whether a client stays with the process that first answered it; on AWS, the target group decides.</summary>
    public bool Sticky { get; init; }

    /// <summary>How its health is checked.</summary>
    public HealthCheck Health { get; init; } = new();

    /// <summary>The number of processes, and their size.</summary>
    public ServiceScale Scale { get; init; } = new();

    /// <summary>How it is rolled out, and the limits of the rollout.</summary>
    public Deployment Deployment { get; init; } = new();

    /// <summary>How long requests in flight may take when a process is replaced.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a process gets between SIGTERM and SIGKILL.</summary>
    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A command that runs once before the rollout.</summary>
    public ProcessCommand? Release { get; init; }

    /// <summary>A command that tests the new processes once before they get traffic.</summary>
    public ProcessCommand? Verify { get; init; }

    /// <summary>The variables that it declares in addition to the app's.</summary>
    public IReadOnlyList<EnvironmentDeclaration> Environment { get; init; } = [];

    /// <summary>The keys that begin with <c>x-</c>, as written in the file. Each rack reads its own and ignores the others.</summary>
    internal IReadOnlyDictionary<string, YamlValue> Extensions { get; init; } = ManifestSection.NoExtensions;

    /// <summary>
    /// The settings that the text states (<c>deployment.minimum</c>, <c>scale.cpu</c>, …); the AWS rack writes only those.
    /// </summary>
    public IReadOnlySet<string> Stated { get; init; } = new HashSet<string>();
}

/// <summary>Represents a command as in Convox: a text for <c>sh -c</c>, or a list that is executed directly.</summary>
public sealed record ProcessCommand
{
    /// <summary>The text for <c>sh -c</c>, or null for a list.</summary>
    public string? Shell { get; init; }

    /// <summary>The program and its arguments; empty for a text.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// Creates a command from a command line: several words, or one without spaces, run directly; one word with spaces is run by the shell.
    /// </summary>
    public static ProcessCommand FromWords(IReadOnlyList<string> words) =>
        words is [var text] && text.Any(char.IsWhiteSpace) ? new() { Shell = text } : new() { Arguments = words };

    /// <summary>The command as it is typed into a shell: words with spaces or quotes are quoted.</summary>
    public string Quoted => Shell ?? string.Join(' ', Arguments.Select(ShellWord.Quoted));

    /// <summary>Returns the command without quotes.</summary>
    public override string ToString() => Shell ?? string.Join(' ', Arguments);
}

/// <summary>Represents how the health of a service is checked.</summary>
public sealed record HealthCheck
{
    /// <summary>The path that the manifest states, where 200–399 is healthy. If null, any response below 500 on <c>/</c> is.</summary>
    public string? Path { get; init; }

    /// <summary>The Host header of the check on the local rack; <c>localhost</c> if null.</summary>
    public string? Host { get; init; }

    /// <summary>How long after its start a process isn't checked.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two checks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The time limit of a response.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>Represents the number of processes, and their size.</summary>
public sealed record ServiceScale
{
    /// <summary>The number of processes, from 0.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The maximum of the stated range, or null if no range is stated.</summary>
    public int? Most { get; init; }

    /// <summary>The CPU units, 1024 per core; for the AWS rack.</summary>
    public int? Cpu { get; init; }

    /// <summary>The memory in MiB; for the AWS rack.</summary>
    public int? Memory { get; init; }

    /// <summary>The targets of Application Auto Scaling on AWS, or null if none are stated.</summary>
    public ScaleTargets? Targets { get; init; }

    /// <summary>Whether it is a range, within which something other than a promotion chooses the count.</summary>
    public bool IsRange => Most > Count;
}

/// <summary>Represents the targets of automatic scaling, as averages over the processes.</summary>
/// <param name="Cpu">The CPU utilization in percent, or null if not stated.</param>
/// <param name="Memory">The memory utilization in percent, or null if not stated.</param>
/// <param name="Requests">The requests per minute and process, or null if not stated.</param>
public sealed record ScaleTargets(int? Cpu, int? Memory, int? Requests);

/// <summary>Represents one entry of <c>environment</c>: <c>KEY</c> (required), <c>KEY=default</c>, or <c>*</c> (every variable).</summary>
/// <param name="Key">The variable, or <c>*</c>.</param>
/// <param name="Default">The default, or null if the variable is required.</param>
public sealed record EnvironmentDeclaration(string Key, string? Default)
{
    /// <summary>Whether it stands for every variable.</summary>
    public bool IsEverything => Key == "*";
}
