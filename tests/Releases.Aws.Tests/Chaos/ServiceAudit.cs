using Releases.Testing.Simulation.Ecs;
using SimulatedDeployment = Releases.Testing.Simulation.Ecs.Deployment;

namespace Releases.Aws.Tests.Chaos;

/// <summary>
/// What was asked for one service: each promotion moves it forward once at most, moves it back to the version before and to nothing else,
/// never forward again after that, and asks for nothing after its end. What it claims at its end is what the service ran then, and it was
/// there within the limit of the way that it took.
/// </summary>
internal sealed class ServiceAudit(
    string name, IReadOnlyList<Revision> revisions, SimulatedEcsService service, IReadOnlyList<LoggedRequest> log,
    IReadOnlyDictionary<string, Promotion> records, List<string> violations)
{
    /// <summary>
    /// What is done right before the end is recorded by the agent's clock, which follows AWS's <c>Date</c> of whole seconds.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Revision> _byArn = revisions.ToDictionary(r => r.Arn);
    private readonly Dictionary<string, string> _ranBefore = [];
    private readonly HashSet<string> _forward = [];
    private readonly HashSet<string> _back = [];

    /// <summary>The newest decision.</summary>
    private string? _newest;

    public void Run()
    {
        foreach (var request in log.Where(r => r.Output is not null)) Replay(request);
        foreach (var (promotion, before) in _ranBefore)
            if (records.TryGetValue(promotion, out var record) && record is { EndedAt: { } end }) CheckEnd(record, before, end);
    }

    private void Replay(LoggedRequest request)
    {
        switch (request.Operation)
        {
            case "RegisterTaskDefinition" when Registered(request) is { } revision:
                if (revision.Promotion == _newest) return;
                if (!_ranBefore.TryAdd(revision.Promotion, Runs(request.At)))
                    violations.Add($"{name}: {revision.Promotion} continues after {_newest} began");
                _newest = revision.Promotion;
                RequireOpen(request);
                break;
            case "UpdateService" when request.Text("service") == name && request.Text("taskDefinition") is { } target:
                Update(request, target);
                break;
            // A count or a configuration, which the next promotion must not lose.
            case "UpdateService" when request.Text("service") == name:
                RequireOpen(request, ClockTolerance);
                break;
            case "StopServiceDeployment" when Deployment(request.Text("serviceDeploymentArn")!) is { } stopped:
                if (_byArn.GetValueOrDefault(stopped.Target)?.Promotion != _newest)
                    violations.Add($"{name}: {request.Sender} stopped {stopped.Target}, which isn't of {_newest}");
                if (_newest is not null) _back.Add(_newest);
                RequireOpen(request);
                break;
            case "DeregisterTaskDefinition" when request.Text("taskDefinition") == Runs(request.At):
                violations.Add($"{name}: {request.Sender} deregistered what runs, {Runs(request.At)}");
                break;
            case "DeregisterTaskDefinition" when _newest is not null
                && _byArn.GetValueOrDefault(request.Text("taskDefinition")!)?.Promotion == _newest:
                RequireOpen(request, ClockTolerance);
                break;
        }
    }

    private void Update(LoggedRequest request, string target)
    {
        RequireOpen(request);
        if (_newest is not null && _byArn.GetValueOrDefault(target)?.Promotion == _newest)
        {
            if (!_forward.Add(_newest)) violations.Add($"{name}: {request.Sender} started {_newest} twice");
            if (_back.Contains(_newest)) violations.Add($"{name}: {request.Sender} started {_newest} again after its rollback began");
        }
        else if (_newest is not null && target == _ranBefore[_newest])
        {
            _back.Add(_newest);
        }
        else
        {
            violations.Add($"{name}: {request.Sender} updated it to {target}, which is older than {_newest}");
        }
    }

    /// <summary>A promotion that has ended asks for nothing.</summary>
    private void RequireOpen(LoggedRequest request, TimeSpan tolerance = default)
    {
        if (_newest is not null && records.GetValueOrDefault(_newest)?.EndedAt is { } end && request.At > end + tolerance)
            violations.Add($"{name}: {request.Sender} asked for {request.Operation} after {_newest} had ended");
    }

    private void CheckEnd(Promotion record, string before, DateTimeOffset end)
    {
        var claimed = $"{name}: {record.Id} ended as {record.Status}";
        var last = service.Deployments.Last(d => d.StartedAt <= end);
        var isOurs = _byArn.GetValueOrDefault(last.Target)?.Promotion == record.Id.ToString();
        if (!last.IsOver(end)) violations.Add($"{claimed} while a deployment was {last.Status(end)}");
        if (record.Status != PromotionStatus.Succeeded)
        {
            if (last.Primary(end) != before) violations.Add($"{claimed}, and it ran {last.Primary(end)} and not {before} as before");
            if (last.FinishedAt(end) > record.RollbackDeadline)
                violations.Add($"{claimed}, and it was back after the limit of the rollback");
            return;
        }

        if (!isOurs || last.Status(end) != "SUCCESSFUL" || last.NewRunning(end) < service.Desired)
            violations.Add($"{claimed}, and it ran {last.NewRunning(end)} of {last.Primary(end)}, {last.Status(end)}");
        if (last.FinishedAt(end) > record.Deadline) violations.Add($"{claimed}, and it was complete after the limit");
    }

    private Revision? Registered(LoggedRequest request) =>
        _byArn.GetValueOrDefault(request.Output!["taskDefinition"]!["taskDefinitionArn"]!.GetValue<string>());

    private SimulatedDeployment? Deployment(string arn) => service.Deployments.FirstOrDefault(d => d.Arn == arn);

    /// <summary>What the service ran then.</summary>
    private string Runs(DateTimeOffset at) => service.Deployments.Last(d => d.StartedAt <= at).Primary(at);
}
