namespace Releases;

/// <summary>How an artifact of a release came about. The documents are stored by their digests.</summary>
public sealed record ServiceEvidence : Extensible
{
    /// <summary>The version of the SDK that built it.</summary>
    public string? Sdk { get; init; }

    /// <summary>The address of the run that built it, in a CI.</summary>
    public string? Run { get; init; }

    /// <summary>The digest of its bill of materials; null: there were no dependencies to read.</summary>
    public string? Sbom { get; init; }

    /// <summary>The digest of the statement on how it was built.</summary>
    public string? Provenance { get; init; }
}
