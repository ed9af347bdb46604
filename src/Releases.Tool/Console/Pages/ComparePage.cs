using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Shows the differences between two releases that the user chooses.</summary>
internal static class ComparePage
{
    private const int MaxOffered = 50;

    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var offered = await request.Store.ListReleases(app.Name, MaxOffered, cancel: request.Cancel);
        var status = await AppStatus.Read(app, request.Store, request.Cancel);
        var (from, to) = (Text(request, "from") ?? app.Active?.ToString(), Text(request, "to") ?? app.Latest?.ToString());
        var view = new CompareView(status, offered, Known(offered, from), Known(offered, to));
        try
        {
            if (from is not null && to is not null)
                view = view with
                {
                    Difference = await new CompareReleases(request.Operations())
                        .Run(app, ReleaseReference.Parse(from), ReleaseReference.Parse(to), request.Cancel),
                };
        }
        catch (ProblemException wrong)
        {
            view = view with { Problems = wrong.Problems };
        }

        if (view.Difference is { From: { } one, To: var two }) view = view with { From = $"v{one.Number}", To = $"v{two.Number}" };
        return new Page("Compare releases", new AspNetCoreGeneratedDocument.Console_Pages_Compare { Model = view, Request = request })
        {
            AppStatus = status,
            Tab = "releases",
            Status = view.Problems is [var first, ..] ? Failures.StatusOf(first) : StatusCodes.Status200OK,
        };
    }

    private static string? Text(PageRequest request, string name) => request.Query(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static string? Known(IReadOnlyList<Release> offered, string? id) =>
        offered.FirstOrDefault(r => r.Id.ToString() == id) is { } release ? $"v{release.Number}" : id;
}

/// <summary>Represents two releases, and those to choose from.</summary>
internal sealed record CompareView(AppStatus AppStatus, IReadOnlyList<Release> Offered, string? From, string? To)
{
    public ReleaseComparison? Difference { get; init; }

    /// <summary>Gets the reasons why they can't be compared.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];
}

/// <summary>Represents a comparison as pages show it.</summary>
internal sealed record ComparedReleases(App App, ReleaseComparison Difference)
{
    /// <summary>Returns the page with the commits between both releases, or null if the repository's host has none.</summary>
    public Uri? CommitsOf(ServiceComparison service) => CommitLink.Between(
        App.Sources is [.., var source] ? source.Remote : null, service.From?.Commit, service.To?.Commit);

    public static Slice Slice(PageRequest request, App app, ReleaseComparison difference) =>
        new AspNetCoreGeneratedDocument.Console_Pages_Difference { Model = new(app, difference), Request = request };
}
