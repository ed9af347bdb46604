namespace Releases.Tool;

/// <summary>Shows progress as plain text, with one line for each change.</summary>
internal sealed class PlainProgress(ITerminal terminal, string approve = "") : IProgressDisplay
{
    /// <summary>How often the same line of a service is printed; one whose health keeps changing would fill the log.</summary>
    private const int MaxRepeats = 3;

    private int _step;
    private bool _waits;

    private readonly Dictionary<ServiceName, string> _said = [];
    private readonly Dictionary<string, int> _times = [];
    private readonly HashSet<ServiceName> _flapping = [];
    private readonly Dictionary<string, string> _commands = [];

    /// <summary>Why each service is rolled back; while it rolls back, a new reason in its record is what it waits for.</summary>
    private readonly Dictionary<ServiceName, string?> _why = [];
    private PromotionStatus? _status;

    public void Show(Promotion promotion, string release)
    {
        ShowCommands("release", promotion.ReleaseCommands);
        if (promotion.Status == PromotionStatus.RollingBack || promotion.Ended) ShowPlan(promotion);
        if (_status != promotion.Status && promotion is { Status: PromotionStatus.RollingBack })
            terminal.Say($"Rolling back {release}: {promotion.Reason?.TrimEnd('.')}.{Limit(promotion)}");
        _status = promotion.Status;

        Show(promotion.Services.Where(s => !IsMoved(s)));
        ShowPlan(promotion);
        // Where both are new, what a step came to is before what follows it.
        Show(promotion.Services.Where(IsMoved));
    }

    private void ShowPlan(Promotion promotion)
    {
        ShowCommands("verify", promotion.VerifyCommands);
        ShowHold(promotion);
        ShowSteps(promotion);
    }

    /// <summary>Before its old processes end, nothing happens to it.</summary>
    private static bool IsWithoutProcesses(PromotionService service) =>
        service is { Desired: 0, Stage: null, Status: ServiceStatus.Starting or ServiceStatus.Healthy };

    private static bool IsMoved(PromotionService service) => service.Status is ServiceStatus.Draining or ServiceStatus.Complete;

    private void Show(IEnumerable<PromotionService> services)
    {
        foreach (var service in services)
        {
            if (service.Status != ServiceStatus.RollingBack) _why[service.Service] = service.Reason;
            var line = Line(service) + (service.Status == ServiceStatus.RollingBack && service.Reason is { } waits
                && waits != _why.GetValueOrDefault(service.Service) ? $": {waits}" : "");
            if (_said.GetValueOrDefault(service.Service) == line) continue;
            if (service.Status != ServiceStatus.Waiting && !IsWithoutProcesses(service)) Say(service.Service, line);
            _said[service.Service] = line;
        }
    }

    private void Say(ServiceName service, string line)
    {
        var times = _times[line] = _times.GetValueOrDefault(line) + 1;
        if (times <= MaxRepeats) terminal.Say(line);
        else if (_flapping.Add(service)) terminal.Say($"{service}: keeps changing; lines that repeat are left out from here on");
    }

    private void ShowCommands(string kind, IReadOnlyList<ReleaseCommand> commands)
    {
        foreach (var command in commands)
        {
            var line = $"{command.Service}: {kind} command {StatusText.Of(command)}";
            if (_commands.GetValueOrDefault($"{kind} {command.Service}") == line) continue;
            terminal.Say(line);
            _commands[$"{kind} {command.Service}"] = line;
        }
    }

    private void ShowHold(Promotion promotion)
    {
        var waits = promotion.WaitsForApproval;
        if (waits && !_waits)
        {
            var limit = Duration.Text(TimeSpan.FromSeconds(promotion.Hold!.Seconds));
            terminal.Say($"Waiting for approval; rolls back after {limit} without one. {approve}".TrimEnd());
        }
        else if (!waits && _waits && promotion.Hold?.ApprovedBy is { } by) terminal.Say($"Approved by {by}");
        _waits = waits;
    }

    /// <summary>Prints each step of the plan as it begins, after the verdicts on the previous one.</summary>
    private void ShowSteps(Promotion promotion)
    {
        for (; _step < promotion.Steps.Count; _step++)
        {
            if (_step > 0) foreach (var verdict in promotion.Steps[_step - 1].Verdicts) terminal.Say(PlanText.Of(verdict));
            if (promotion.Plan?.Steps[promotion.Steps[_step].Step] is { Percent: > 0, KeepsOld: true } step)
                terminal.Say($"Traffic: {PlanText.Of(step)} for {Duration.Text(step.Hold)}");
        }
    }

    public void Leave()
    {
    }

    /// <summary>Returns the time limit of a rollback, counted from its start.</summary>
    private static string Limit(Promotion promotion) =>
        promotion.RollbackDeadline is { } limit && promotion.Services.SelectMany(s => s.Timeline)
            .Where(t => t.Status == ServiceStatus.RollingBack).Select(t => (DateTimeOffset?)t.At).Max() is { } began
            ? $" The rollback has {Duration.Text(limit - began)}." : "";

    private static string Line(PromotionService service) => $"{service.Service}: " + service.Status switch
    {
        _ when StageText.Of(service) is { } stage =>
            $"{stage}, {service.Healthy} of {service.Desired} healthy{(service.Reason is { } reason ? $": {reason}" : "")}",
        ServiceStatus.Starting =>
            $"starting, {service.Healthy} of {service.Desired} healthy{(service.Reason is { } reason ? $": {reason}" : "")}",
        ServiceStatus.Healthy => $"{service.Healthy} of {service.Desired} healthy",
        // A first promotion has no old processes, and later ones end their old processes one after another.
        ServiceStatus.Draining when service.Old == 0 => "finishing",
        ServiceStatus.Draining => $"draining {Quantity.Text(service.Old, "old process", "old processes")}",
        ServiceStatus.Complete or ServiceStatus.Failed or ServiceStatus.Stuck when service.Reason is { } reason =>
            $"{StatusText.Of(service.Status)}: {reason}",
        _ => StatusText.Of(service.Status),
    };
}
