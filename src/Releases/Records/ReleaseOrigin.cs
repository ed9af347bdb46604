namespace Releases;

/// <summary>Represents the origin of a copied release: another app or another rack, directly or through a file.</summary>
public sealed record ReleaseOrigin : Extensible
{
    /// <summary>The rack's address, as it was opened for the copy.</summary>
    public required string Rack { get; init; }

    /// <summary>The app.</summary>
    public required AppName App { get; init; }

    /// <summary>The release.</summary>
    public required ReleaseId Release { get; init; }

    /// <summary>Its number in the original app.</summary>
    public required long Number { get; init; }

    /// <summary>Its commit.</summary>
    public string? Commit { get; init; }

    /// <summary>Who created the original.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When the original was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Creates the origin of copies of a release.</summary>
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

    /// <summary>Returns the origin for display: <c>v12 (ROCHMCOUESG) of hello on aws://eu-west-1/staging</c>.</summary>
    public override string ToString() => $"v{Number} ({Release}) of {App} on {Rack}";
}
