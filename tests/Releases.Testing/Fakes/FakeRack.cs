using System.Runtime.CompilerServices;

namespace Releases.Testing;

/// <summary>A rack in memory. The test sets the running services and the driver; what it doesn't set doesn't exist.</summary>
public sealed class FakeRack : Rack
{
    private int _scaled;

    public override string Address => At;

    /// <summary>Its address.</summary>
    public string At { get; init; } = "local";

    public override string Name => "local";

    public override IReleaseStore Store => Interfered ?? Records;

    public override IHookStore Hooks => Records;

    public override IArtifactStore Artifacts => Stored;

    public override IArtifactRemoval Removal => Stored;

    public override IVault Vault => Sealed;

    public override IRunning Running => NowRunning;

    public override IOneOffs OneOffs => RanOnce;

    public override IProcessExec Exec => RanOnce;

    public override IPromotionDriver Driver => DrivenBy;

    /// <summary>The store, as what it is.</summary>
    public InMemoryReleaseStore Records { get; } = new();

    /// <summary>What is put in front of the store, where something is to go wrong there.</summary>
    public IReleaseStore? Interfered { get; set; }

    /// <summary>Whether a process of the rack delivers its hooks; then no command does.</summary>
    public bool HooksAreDelivered { get; set; } = true;

    public override Task<bool> DeliversHooks(CancellationToken cancel = default) => Task.FromResult(HooksAreDelivered);

    /// <summary>Where event buses get what is sent to them; null: it has none.</summary>
    public IHookSender? Bus { get; set; }

    public override IHookSender? EventBus => Bus;

    /// <summary>The artifacts, as what they are.</summary>
    public InMemoryArtifactStore Stored { get; } = new();

    /// <summary>The vault, as what it is.</summary>
    public InMemoryVault Sealed { get; } = new();

    /// <summary>The running services.</summary>
    public FakeRunning NowRunning { get; init; } = new();

    /// <summary>What it measured; null: it doesn't measure.</summary>
    public FakeMetrics? Measured { get; set; } = new();

    public override IMetrics? Metrics => Measured;

    /// <summary>What was run once.</summary>
    public FakeOneOffs RanOnce { get; } = new();

    /// <summary>Who drives.</summary>
    public IPromotionDriver DrivenBy { get => field ??= new RecordingDriver(Records); set; }

    /// <summary>Whom it takes the caller for.</summary>
    public string? TakesCallerFor { get; set; }

    /// <summary>What would keep running without the records of an app.</summary>
    public SharedList<string> Outlives { get; } = [];

    /// <summary>What is wrong with its own settings of services.</summary>
    public SharedList<Problem> WrongExtensions { get; } = [];

    /// <summary>How often counts were applied.</summary>
    public int Scaled => Volatile.Read(ref _scaled);

    /// <summary>What applying counts does beside.</summary>
    public Func<Task> Scales { get; set; } = () => Task.CompletedTask;

    /// <summary>What happens before an app is deleted.</summary>
    public Func<Task> Deletes { get; set; } = () => Task.CompletedTask;

    /// <summary>The apps whose deletion was refused after that.</summary>
    public SharedList<AppName> NotDeleted { get; } = [];

    /// <summary>The counts of the running services, where they may differ from the records.</summary>
    public Dictionary<ServiceName, int>? Counts { get; set; }

    /// <summary>The process that runs its services; null: it has none of its own.</summary>
    public FakeDaemon? RunBy { get; set; }

    public override IRackDaemon? Daemon => RunBy;

    /// <summary>What drives its promotions instead of a daemon; null: nothing does.</summary>
    public IRackAgent? RunsAgent { get; set; }

    public override IRackAgent? Agent => RunsAgent;

    /// <summary>The agents that are alive.</summary>
    public IReadOnlyList<RackAgent> Agents { get; set; } = [];

    public override Task<RackStatus> Status(CancellationToken cancel = default) =>
        Task.FromResult(RunBy?.State ?? new(Address, "aws", RackState.Ready) { Agents = Agents });

    public override Task ApplyScale(AppName app, ServiceName service, CancellationToken cancel = default)
    {
        Interlocked.Increment(ref _scaled);
        return Scales();
    }

    public override Task<IReadOnlyDictionary<ServiceName, int>?> DesiredCounts(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyDictionary<ServiceName, int>?>(Counts);

    public override Task<IReadOnlyList<string>> OutlivesRecords(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<string>>([.. Outlives]);

    public override Task BeforeDeletion(AppName app, CancellationToken cancel = default) => Deletes();

    public override Task DeletionRefused(AppName app, CancellationToken cancel = default)
    {
        NotDeleted.Add(app);
        return Task.CompletedTask;
    }

    public override IReadOnlyList<Problem> CheckExtensions(Manifest manifest) => WrongExtensions;

    /// <summary>What it can't roll out.</summary>
    public Func<Rollout, IEnumerable<Problem>> CannotRollOut { get; set; } = _ => [];

    /// <summary>How it would roll a release out; null: as the release says.</summary>
    public RackPlan? Plans { get; set; }

    public override Task<RackPlan> Plan(Rollout rollout, CancellationToken cancel = default) =>
        Plans is { } plan ? Task.FromResult(plan) : base.Plan(rollout, cancel);

    public override IEnumerable<Problem> CheckRollout(Rollout rollout) => CannotRollOut(rollout);

    public override Task<string?> Caller(CancellationToken cancel = default) => Task.FromResult(TakesCallerFor);

    public override ValueTask DisposeAsync() => Records.DisposeAsync();
}

/// <summary>What the test says was measured.</summary>
public sealed class FakeMetrics : IMetrics
{
    public SharedList<ServiceMetrics> Services { get; } = [];

    public SharedList<ProcessMetrics> Processes { get; } = [];

    /// <summary>When it is read.</summary>
    public DateTimeOffset Now { get; set; } = A.Moment;

    public Task<AppMetrics> Read(AppName app, TimeSpan since, CancellationToken cancel = default) =>
        Task.FromResult(new AppMetrics(Now - since, Now, [.. Services], [.. Processes]));
}

/// <summary>What the test says is running.</summary>
public sealed class FakeRunning : IRunning
{
    public SharedList<RunningProcess> ProcessList { get; } = [];

    public SharedList<RunningService> ServiceList { get; } = [];

    public SharedList<LogLine> Lines { get; } = [];

    public TimeSpan? LogPeriod { get; set; }

    /// <summary>Whether whoever follows the lines gets those that are printed later, until cancelled.</summary>
    public bool GoesOn { get; set; }

    private readonly Lock _printing = new();
    private TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lines are printed, for those who follow too.</summary>
    public void Print(params IEnumerable<LogLine> lines)
    {
        lock (_printing)
        {
            Lines.AddRange(lines);
            _printed.SetResult();
            _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>What reading the lines fails with after the last of them.</summary>
    public Exception? Breaks { get; set; }

    public Task<IReadOnlyList<RunningProcess>> Processes(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<RunningProcess>>([.. ProcessList]);

    public Task<IReadOnlyList<RunningService>> Services(AppName app, CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<RunningService>>([.. ServiceList]);

    public async IAsyncEnumerable<LogLine> Logs(LogQuery query, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await Task.CompletedTask;
        var (told, more) = Printed(0);
        var wanted = told.Where(l => query.Since is null || l.At >= query.Since).ToList();
        foreach (var line in query.Tail is { } tail ? wanted.TakeLast(tail) : wanted) yield return line;
        if (Breaks is { } failure) throw failure;
        for (var count = told.Count; GoesOn && query.Follow; count += told.Count)
        {
            await more.WaitAsync(cancel);
            (told, more) = Printed(count);
            foreach (var line in told) yield return line;
        }
    }

    /// <summary>What was printed after so many lines, and what tells of more.</summary>
    private (IReadOnlyList<LogLine> Lines, Task More) Printed(int count)
    {
        lock (_printing) return ([.. Lines.Skip(count)], _printed.Task);
    }
}

/// <summary>Notes what was asked of it and drives nothing.</summary>
/// <param name="store">Gets the releases that promotions add.</param>
public sealed class RecordingDriver(IReleaseStore store) : IPromotionDriver
{
    public SharedList<PromotionRequest> Begun { get; } = [];

    public SharedList<AppName> Ensured { get; } = [];

    public Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default)
    {
        Begun.Add(request);
        return request.Adds is { } addition ? store.TryAddRelease(addition, cancel) : Task.FromResult(true);
    }

    public Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default) =>
        Task.FromResult<string?>("continues in the background");

    public Task EnsureDriven(AppName app, CancellationToken cancel = default)
    {
        Ensured.Add(app);
        return Task.CompletedTask;
    }
}

/// <summary>Notes what was asked for, and ends as the test says.</summary>
public sealed class FakeOneOffs : IOneOffs, IProcessExec
{
    public SharedList<(string Process, ProcessCommand Command)> Beside { get; } = [];

    public SharedList<OneOff> Run { get; } = [];

    public int ExitCode { get; set; }

    private HeldOneOff? _held;

    Task<int> IProcessExec.Run(
        AppName app, RunningProcess process, ProcessCommand command, IOneOffCaller caller, CancellationToken cancel) => caller.LeaveTo(() =>
    {
        Beside.Add((process.Id, command));
        caller.Print($"ran {command} beside {process.Id}");
        return Task.FromResult(ExitCode);
    });

    /// <summary>What is run from now on prints what the test says and runs until it is stopped.</summary>
    public HeldOneOff Hold() => _held = new();

    Task<int> IOneOffs.Run(OneOff oneOff, IOneOffCaller caller, CancellationToken cancel) => caller.LeaveTo(async () =>
    {
        Run.Add(oneOff);
        if (_held is { } held) return await held.Run(caller, cancel);
        caller.Print($"ran {oneOff.Command}");
        return ExitCode;
    });
}

/// <summary>A one-off process that runs until it is stopped.</summary>
public sealed class HeldOneOff
{
    private const int Terminated = 128 + 15;

    private IOneOffCaller? _caller;

    /// <summary>Prints a line as the one that was started last.</summary>
    public void Print(string line) => _caller!.Print(line);

    internal async Task<int> Run(IOneOffCaller caller, CancellationToken cancel)
    {
        _caller = caller;
        await cancel.WhenCanceled();
        return Terminated;
    }
}
