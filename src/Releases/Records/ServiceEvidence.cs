namespace Releases;

/// <summary>Represents how an artifact of a release was made. The documents are stored by their digests.</summary>
public sealed record ServiceEvidence : Extensible
{
    /// <summary>The version of the SDK that built it.</summary>
    public string? Sdk { get; init; }

    /// <summary>The address of the CI run that built it.</summary>
    public string? Run { get; init; }

    /// <summary>The digest of its bill of materials, or null if there were no dependencies to read.</summary>
    public string? Sbom { get; init; }

    /// <summary>The digest of its provenance statement.</summary>
    public string? Provenance { get; init; }
}
