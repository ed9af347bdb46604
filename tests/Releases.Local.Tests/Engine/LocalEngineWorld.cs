using System.Globalization;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Engine;

/// <summary>The engine of a daemon without the daemon: real processes of the sample program, in a home with ports of its own.</summary>
internal sealed class LocalEngineWorld : EngineWorld
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("engine-");
    private readonly TimeProvider _time;
    private readonly LocalHome _home;
    private readonly PortRegistry _ports;
    private readonly LocalRack _rack;
    private Router _router = null!;
    private RackPorts _rackPorts = null!;
    private ProcessLauncher _launcher = null!;
    private HealthProbe _probe = null!;
    private ServiceLogs _logs = null!;
    private LocalEngine _engine = null!;

    private LocalEngineWorld(TimeProvider time)
    {
        _time = time;
        _home = new(Path.Combine(_folder.FullName, "home"));
        HomeFolder.Create(_home);
        _ports = new(_home, KeptPorts.Read(_home));
        _rack = LocalRack.Open(_home, "local", TimeProvider.System);
    }

    public override IEngine Engine => _engine;

    /// <summary>Its records.</summary>
    public LocalRack Rack => _rack;

    /// <summary>The services as <c>services</c> shows them.</summary>
    public IReadOnlyList<ServiceSnapshot> Services => _engine.Snapshots(A.App);

    /// <summary>Where everything of it lies.</summary>
    public LocalHome Home => _home;

    /// <summary>What the manifest declares for all services.</summary>
    public string Declares { get; set; } = "";

    /// <summary>Variables that every process gets, beside those of its outcome.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>A folder for files that say when.</summary>
    public string Folder => _folder.FullName;

    public static async Task<LocalEngineWorld> Make(TimeProvider? time = null)
    {
        var world = new LocalEngineWorld(time ?? TimeProvider.System);
        await world.Begin();
        return world;
    }

    public override async Task<Rollout> Release(RolloutOutcome outcome, params string[] services)
    {
        var rollout = await Release(string.Concat(services.Select(s => $"  {s}:\n    port: 8080\n    health: /health\n")), [], services);
        return rollout with { Services = [.. rollout.Services.Select(s => s with { Environment = With(s, EnvironmentOf(outcome)) })] };
    }

    /// <summary>A release of the sample program with this under <c>services</c>, behaving by these variables.</summary>
    public async Task<Rollout> Release(string manifest, Dictionary<string, string> behaviour, params string[] services)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "convox.yml"), Declares + "services:\n" + manifest);
        CreatedRelease? made = null;
        foreach (var service in services)
            made = await new CreateRelease(_rack, TimeProvider.System).FromBuild(
                new(A.App, _folder.FullName,
                    [new(new(Path.Combine(_folder.FullName, service + ".csproj"), ServiceName.Parse(service), IsWeb: true),
                    Path.GetDirectoryName(SampleProcess.Program)!, "SampleApp")], "", null, A.Person),
                TestContext.Current.CancellationToken);
        var app = await _rack.Store.RequireApp(A.App);
        var plan = await new ReleasePlanReader(_rack.Store, _rack.Vault, "local")
            .Read(app, made!.Release, TestContext.Current.CancellationToken);
        Assert.Empty(plan.Problems);
        return new(app, made.Release, PromotionId.New(), [.. plan.Services.Select(s => s with { Environment = With(s, behaviour) })]);
    }

    /// <summary>Ends the app's processes.</summary>
    public Task Stop() => _engine.Stop(A.App);

    /// <summary>Its processes as <c>ps</c> shows them.</summary>
    public IReadOnlyList<RunningProcess> Processes => [.. _engine.Snapshots(A.App).SelectMany(s => s.Processes)];

    /// <summary>What a process was told in <c>PORT</c>; null as long as it is not its own program yet.</summary>
    public static int? PortOf(RunningProcess process)
    {
        try
        {
            var port = File.ReadAllText($"/proc/{process.ProcessId}/environ").Split('\0')
                .FirstOrDefault(v => v.StartsWith("PORT=", StringComparison.Ordinal));
            return port is null ? null : int.Parse(port["PORT=".Length..], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public override async Task<ReleaseId?> Serves(string service)
    {
        if (_ports.Find(new(A.App, ServiceName.Parse(service))) is null) return null;
        using var answer = await Get(service);
        return answer.IsSuccessStatusCode ? ReleaseId.Parse((await answer.Content.ReadAsStringAsync()).Split(' ')[0].Trim()) : null;
    }

    /// <summary>What the service's own port answers.</summary>
    public async Task<HttpResponseMessage> Get(string service)
    {
        using var client = new HttpClient();
        return await client.GetAsync(Address(service));
    }

    /// <summary>The service's own port.</summary>
    public Uri Address(string service) => new($"http://127.0.0.1:{_ports.PortFor(new(A.App, ServiceName.Parse(service)))}/");

    /// <summary>Completes a release as a promotion does.</summary>
    public async Task<IReadOnlyList<Observation>> Run(Rollout rollout)
    {
        var seen = await RunUntilSettled(rollout);
        await Engine.CleanUp(A.App, TestContext.Current.CancellationToken);
        return seen;
    }

    /// <summary>The same, without cleaning up.</summary>
    public async Task<IReadOnlyList<Observation>> RunUntilSettled(Rollout rollout)
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.Empty(await Engine.Check(rollout, cancel));
        List<ServiceRollout> services = [.. rollout.Services.Select(s => new ServiceRollout(rollout, s, new MemoryJournal()))];
        foreach (var service in services) await Engine.Start(service, cancel);
        foreach (var service in services) await Until(service, ObservedState.Healthy, cancel);
        await Patience.Until(() => Engine.Route(services, new(100), cancel));
        var seen = new List<Observation>();
        foreach (var service in services) seen.Add(await Until(service, ObservedState.Complete, cancel));
        await Engine.Settle(rollout, A.Promotion(rollout.Release, PromotionStatus.Succeeded) with { Id = rollout.Promotion }, cancel);
        return seen;
    }

    /// <summary>Does what the daemon does once the app was deleted.</summary>
    public async Task Delete()
    {
        await _engine.Stop(A.App);
        _engine.Forget(A.App);
    }

    /// <summary>Its processes end with a daemon; a successor begins with what is active by the records.</summary>
    public override async Task Die(Rollout? active)
    {
        await End();
        await Begin();
        if (active is not null) _engine.Restore(active);
    }

    public override async ValueTask DisposeAsync()
    {
        await End();
        _ports.Dispose();
        await _rack.DisposeAsync();
        TemporaryFolders.Delete(_folder.FullName);
    }

    private async Task<Observation> Until(ServiceRollout service, ObservedState state, CancellationToken cancel)
    {
        // What does not become so on the busiest machine fails the test.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        Observation seen;
        while ((seen = (await Engine.Observe([service], limit.Token))[service.Name]).State != state)
        {
            Assert.NotEqual(ObservedState.Failed, seen.State);
            await Engine.WaitForChange(A.App, limit.Token);
        }

        return seen;
    }

    private async Task Begin()
    {
        var (time, log) = (_time, new DaemonLog(TimeProvider.System));
        var records = new ProcessRecords(_home);
        _router = await Router.Start(time, TestContext.Current.CancellationToken);
        _rackPorts = new(_router, log, time);
        (_launcher, _probe, _logs) = (new(), new(time), new(_home, _ => { }));
        var copies = new WorkingCopies(_home, new(_home, time));
        var starter = new ServiceProcessStarter(_launcher, BuiltTool.Command, records, time);
        var processes = new ReleaseProcesses(copies, new(_home, key => _ports.PortFor(key)), starter, _logs, time);
        _engine = new(
            new(processes, _ports, _router, _probe, log, time), new(_router, _ports, _rackPorts), new(processes, time),
            new(new MachineCheck()),
            copies, _logs, time);
    }

    private async Task End()
    {
        await _engine.StopAll();
        _engine.Dispose();
        _logs.Dispose();
        _probe.Dispose();
        _launcher.Dispose();
        _rackPorts.Dispose();
        await _router.DisposeAsync();
    }

    private static Dictionary<string, string> EnvironmentOf(RolloutOutcome outcome) => outcome switch
    {
        RolloutOutcome.Fails => new() { ["CRASH_AT_START"] = "1" },
        RolloutOutcome.NeverHealthy => new() { ["HEALTH"] = "500" },
        _ => [],
    };

    private Dictionary<string, string> With(ServiceSpec spec, Dictionary<string, string> behaviour)
    {
        var environment = new Dictionary<string, string>(spec.Environment);
        foreach (var (name, value) in Variables.Concat(behaviour)) environment[name] = value;
        return environment;
    }
}
