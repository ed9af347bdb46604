namespace Releases.Tool;

/// <summary>The status of releases and promotions as a cell of a table.</summary>
internal static class AppStatusCell
{
    /// <summary>The status of a release; empty if it has none.</summary>
    public static Cell CellOf(this AppStatus status, Release release, DateTimeOffset now) => status.Code(release) switch
    {
        "active" => new Cell("active", TextStyle.Good),
        "failed" => new("failed", TextStyle.Bad),
        "promoting" => new("promoting" + status.DriverGone(now), TextStyle.Busy),
        "rollingBack" => new("rolling back" + status.DriverGone(now), TextStyle.Busy),
        _ => "",
    };
}
