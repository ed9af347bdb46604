namespace Releases.Tool;

/// <summary>Progress on a pipe: one line for each change.</summary>
internal sealed class PlainProgress(ITerminal terminal) : IProgressDisplay
{
    private readonly Dictionary<ServiceName, string> _said = [];
    private readonly Dictionary<ServiceName, string> _commands = [];

    /// <summary>Why each service rolls back; what its record says after that is what it waits for.</summary>
    private readonly Dictionary<ServiceName, string?> _why = [];
    private PromotionStatus? _status;

    public Task<Promotion> While(Func<Action<Promotion>, Task<Promotion>> following) => following(Show);

    private void Show(Promotion promotion)
    {
        if (_status != promotion.Status && promotion is { Status: PromotionStatus.RollingBack })
            terminal.Say($"rolling back: {promotion.Reason}{Limit(promotion)}");
        _status = promotion.Status;

        foreach (var command in promotion.ReleaseCommands)
        {
            var line = Line(command);
            if (_commands.GetValueOrDefault(command.Service) == line) continue;
            terminal.Say(line);
            _commands[command.Service] = line;
        }

        foreach (var service in promotion.Services)
        {
            if (service.Status != ServiceStatus.RollingBack) _why[service.Service] = service.Reason;
            var line = Line(service) + (service.Status == ServiceStatus.RollingBack && service.Reason is { } waits && waits != _why.GetValueOrDefault(service.Service) ? $": {waits}" : "");
            if (_said.GetValueOrDefault(service.Service) == line) continue;
            if (service.Status != ServiceStatus.Waiting) terminal.Say(line);
            _said[service.Service] = line;
        }
    }

    /// <summary>How long it may take, by the moment at which it began.</summary>
    private static string Limit(Promotion promotion) =>
        promotion.RollbackDeadline is { } limit && promotion.Services.SelectMany(s => s.Timeline).Where(t => t.Status == ServiceStatus.RollingBack).Select(t => (DateTimeOffset?)t.At).Max() is { } began
            ? $" (given up after {Duration.Text(limit - began)})" : "";

    private static string Line(ReleaseCommand command) => $"{command.Service}: release command {StatusText.Of(command)}";

    private static string Line(PromotionService service) => $"{service.Service}: {StatusText.Of(service.Status)}" + service.Status switch
    {
        ServiceStatus.Starting when service.Reason is { } reason => $" {service.Healthy}/{service.Desired}: {reason}",
        ServiceStatus.Starting or ServiceStatus.Healthy => $" {service.Healthy}/{service.Desired}",
        ServiceStatus.Draining => $", {service.Old} old left",
        ServiceStatus.Complete or ServiceStatus.Failed or ServiceStatus.Stuck when service.Reason is { } reason => $": {reason}",
        _ => "",
    };
}
