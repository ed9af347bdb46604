namespace Releases;

/// <summary>Where a release was copied from: another app or another rack, directly or through a file.</summary>
public sealed record ReleaseOrigin : Extensible
{
    /// <summary>The rack's address, as it was opened there.</summary>
    public required string Rack { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>Its number there.</summary>
    public required long Number { get; init; }

    /// <summary>Its commit.</summary>
    public string? Commit { get; init; }

    /// <summary>Who made it there.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made there.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The origin of a release.</summary>
    public static ReleaseOrigin Of(Release release, string rack)
    {
        return new()
        {
            Rack = rack,
            App = release.App,
            Release = release.Id,
            Number = release.Number,
            Commit = release.Commit,
            CreatedBy = release.CreatedBy,
            CreatedAt = release.CreatedAt,
        };
    }

    /// <summary>For people: <c>v12 (ROCHMCOUESG) of hello on aws://eu-west-1/staging</c>.</summary>
    public override string ToString() => $"v{Number} ({Release}) of {App} on {Rack}";
}
