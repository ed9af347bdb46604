namespace Releases.Tool;

/// <summary>Returns the status of releases, promotions and processes as table cells.</summary>
internal static class StatusCells
{
    /// <summary>Returns the status of a release; empty if it has none.</summary>
    public static Cell CellOf(this AppStatus status, Release release, DateTimeOffset now) => status.Code(release) switch
    {
        "active" => new Cell("active", TextStyle.Good),
        "pruned" => new("pruned", TextStyle.Faint),
        "failed" => new("failed", TextStyle.Bad),
        "promoting" => new("promoting" + status.DriverGone(now), TextStyle.Busy),
        "rollingBack" => new("rolling back" + status.DriverGone(now), TextStyle.Busy),
        _ => "",
    };

    /// <summary>Returns the status of a promotion.</summary>
    public static Cell CellOf(this AppStatus status, Promotion promotion, DateTimeOffset now) => new(
        StatusText.Of(promotion) + (promotion.Id == status.Lock?.Promotion ? status.DriverGone(now) : ""),
        StatusText.StyleOf(promotion.Status));

    /// <summary>Returns the state of an app.</summary>
    public static Cell CellOf(this LiveStatus live, DateTimeOffset now)
    {
        var state = live.State.ToCell();
        return state with { Text = state.Text + live.AppStatus.DriverGone(now) };
    }

    /// <summary>Returns the state of an app or of a service.</summary>
    public static Cell ToCell(this AppState state) => new(StatusText.Code(state), state switch
    {
        AppState.Running => TextStyle.Good,
        AppState.Promoting => TextStyle.Busy,
        AppState.Degraded or AppState.Drifted => TextStyle.Bad,
        _ => TextStyle.Faint,
    });

    /// <summary>Returns the state of a hook.</summary>
    public static Cell ToCell(this HookState state) => new(StatusText.Code(state), state switch
    {
        HookState.Failing or HookState.Disabled => TextStyle.Bad,
        HookState.Ok => TextStyle.Good,
        _ => TextStyle.Plain,
    });

    /// <summary>Returns the state of a rack, after what is before it.</summary>
    public static Cell ToCell(this RackState state, string before = "") =>
        new(before + StatusText.Code(state), state == RackState.Stopped ? TextStyle.Faint : TextStyle.Good);

    /// <summary>Returns the status of a process.</summary>
    public static Cell CellOf(this LiveStatus live, RunningProcess process) => live.HasDrifted(process)
        ? new($"{StatusText.Code(process.Status)}, drifted", TextStyle.Bad)
        : new(StatusText.Code(process.Status), process.Status switch
        {
            ProcessStatus.Healthy => TextStyle.Good,
            ProcessStatus.Unhealthy => TextStyle.Bad,
            _ => TextStyle.Busy,
        });
}
