namespace Releases;

/// <summary>
/// Creates the spans of a promotion that has ended from its record alone, so that a driver that died midway leaves no gap.
/// </summary>
internal static class PromotionSpans
{
    public static IReadOnlyList<Span> Of(Promotion promotion, string rack)
    {
        var end = promotion.EndedAt ?? throw new ArgumentException($"Promotion {promotion.Id} has not ended.", nameof(promotion));
        var (moved, back) = (First(promotion, s => s is not (ServiceStatus.Waiting or ServiceStatus.RollingBack)),
            First(promotion, s => s == ServiceStatus.RollingBack));
        var spans = new List<Span> { Root(promotion, rack, end), Check(promotion, moved ?? back ?? end, end) };
        spans.AddRange(promotion.ReleaseCommands.Select(c => Command(promotion, SpanNames.Release(c.Service), c, end)));
        if (moved is { } begun)
        {
            spans.Add(Phase(promotion, SpanNames.RollOut, begun, back ?? end) with { Error = back is null ? null : promotion.Reason });
            spans.AddRange(promotion.Services.Select(s => RollOut(promotion, s, back ?? end)).OfType<Span>());
        }

        spans.AddRange(promotion.VerifyCommands.Select(c => Command(promotion, SpanNames.Verify(c.Service), c, end)));
        if (promotion.Hold is { Since: { } since } hold) spans.Add(Phase(promotion, SpanNames.Hold, since, hold.ApprovedAt ?? back ?? end));
        spans.AddRange(promotion.Steps.Select(s => Step(promotion, s, back ?? end)));
        if (back is { } returned)
        {
            var stuck = promotion.Status == PromotionStatus.Stuck ? promotion.Reason : null;
            spans.Add(Phase(promotion, SpanNames.RollBack, returned, end) with { Error = stuck });
            spans.AddRange(promotion.Services.Select(s => RollBack(promotion, s, end)).OfType<Span>());
        }

        return spans;
    }

    private static Span Root(Promotion promotion, string rack, DateTimeOffset end) => new(
        Id(promotion, SpanNames.Promotion), promotion.Trace?.Parent, $"promote {promotion.App}", promotion.StartedAt, end)
    {
        Attributes =
        [
            new("deployment.id", promotion.Id.ToString()),
            new("deployment.name", promotion.App.ToString()),
            new("deployment.status", promotion.Status.ToString().ToLowerInvariant()),
            new("deployment.environment.name", rack),
            new("convox.release", promotion.Release.ToString()),
            .. promotion.Previous is { } previous ? [new("convox.release.previous", previous.ToString())] : Nothing,
            new("convox.started_by", promotion.StartedBy),
        ],
        Error = promotion.Status == PromotionStatus.Succeeded ? null : promotion.Reason ?? promotion.Status.ToString().ToLowerInvariant(),
    };

    /// <summary>The check's findings are its error only if the promotion ended with them.</summary>
    private static Span Check(Promotion promotion, DateTimeOffset moved, DateTimeOffset end)
    {
        var over = promotion.ReleaseCommands is [var first, ..] ? first.StartedAt : moved;
        return Phase(promotion, SpanNames.Check, promotion.StartedAt, over) with { Error = over == end ? promotion.Reason : null };
    }

    private static Span Command(Promotion promotion, string name, ReleaseCommand command, DateTimeOffset end) =>
        Phase(promotion, name, command.StartedAt, command.EndedAt ?? end) with
        {
            Attributes =
            [
                ServiceAttribute(command.Service),
                .. command.ExitCode is { } code ? [new("process.exit.code", (long)code)] : Nothing,
            ],
            Error = command.Failure ?? (command.ExitCode is 0 ? null : promotion.Reason ?? "its outcome is unknown"),
        };

    private static Span? RollOut(Promotion promotion, PromotionService service, DateTimeOffset end)
    {
        var steps = service.Timeline
            .Where(s => s.Status is not (ServiceStatus.Waiting or ServiceStatus.RollingBack or ServiceStatus.RolledBack)).ToList();
        if (steps.Count == 0) return null;
        var over = steps.Find(s => s.Status is ServiceStatus.Complete or ServiceStatus.Failed)?.At ?? end;
        return Part(promotion, SpanNames.RollOutOf(service.Service), SpanNames.RollOut, steps[0].At, over) with
        {
            Attributes = [ServiceAttribute(service.Service)],
            Events = [.. steps.Select(s => (s.At, Name(s.Status)))],
            Error = service.Service == promotion.FailedService ? service.Reason ?? promotion.Reason : null,
        };
    }

    private static Span? RollBack(Promotion promotion, PromotionService service, DateTimeOffset end)
    {
        if (service.Timeline.FirstOrDefault(s => s.Status == ServiceStatus.RollingBack) is not { } begun) return null;
        var over = service.Timeline.FirstOrDefault(s => s.Status is ServiceStatus.RolledBack or ServiceStatus.Stuck)?.At ?? end;
        return Part(promotion, SpanNames.RollBackOf(service.Service), SpanNames.RollBack, begun.At, over) with
        {
            Attributes = [ServiceAttribute(service.Service)],
            Error = service.Status == ServiceStatus.Stuck ? service.Reason : null,
        };
    }

    private static Span Step(Promotion promotion, PlanStep step, DateTimeOffset end) =>
        Part(promotion, SpanNames.Step(step), SpanNames.RollOut, step.Since, step.EndedAt ?? end) with
        {
            Attributes = [new("convox.traffic.percent", (long)step.Percent)],
        };

    private static Span Phase(Promotion promotion, string name, DateTimeOffset start, DateTimeOffset end) =>
        Part(promotion, name, SpanNames.Promotion, start, end);

    private static Span Part(Promotion promotion, string name, string of, DateTimeOffset start, DateTimeOffset end) =>
        new(Id(promotion, name), Id(promotion, of), name, start, end < start ? start : end);

    private static DateTimeOffset? First(Promotion promotion, Func<ServiceStatus, bool> reached)
    {
        var times = promotion.Services.SelectMany(s => s.Timeline).Where(s => reached(s.Status)).Select(s => s.At).ToList();
        return times.Count == 0 ? null : times.Min();
    }

    private static string Id(Promotion promotion, string span) => PromotionTrace.SpanId(promotion.Id, span);

    private static string Name(ServiceStatus status) => status.ToString().ToLowerInvariant();

    private static KeyValuePair<string, object> ServiceAttribute(ServiceName service) => new("convox.service", service.ToString());

    private static KeyValuePair<string, object>[] Nothing => [];
}
