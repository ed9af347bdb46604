using System.Text.Json.Serialization;

namespace Releases;

/// <summary>Represents the output of a publish for one service, identified by its content.</summary>
public sealed record Artifact : Extensible
{
    /// <summary>
    /// <c>sha256:</c> and 64 hex digits: for a folder, over every file's path, mode, content and link target; for an image, the image's
    /// digest.
    /// </summary>
    public required string Digest { get; init; }

    /// <summary>Whether it is a folder or an image.</summary>
    public required ArtifactKind Kind { get; init; }

    /// <summary>The location of an image, <c>registry/repository@digest</c>; null for a folder.</summary>
    public string? Reference { get; init; }

    /// <summary>Returns the artifact of an image with this reference.</summary>
    public static Artifact ImageOf(string reference) =>
        new() { Digest = reference[(reference.LastIndexOf('@') + 1)..], Kind = ArtifactKind.Image, Reference = reference };

    /// <summary>
    /// The file that is run in a folder: an executable (<c>Hello</c>) or an assembly for <c>dotnet</c> (<c>Hello.dll</c>).
    /// </summary>
    public string? EntryPoint { get; init; }

    /// <summary>The runtime identifiers that it runs on; any if empty.</summary>
    public IReadOnlyList<string> RuntimeIdentifiers { get => field ?? []; init; }

    /// <summary>The shared frameworks that it needs on the machine; empty for self-contained and native programs.</summary>
    public IReadOnlyList<Framework> Frameworks { get => field ?? []; init; }

    /// <summary>
    /// How the .NET host chooses among installed frameworks, as in <c>*.runtimeconfig.json</c> (<c>Major</c>); null for its default.
    /// </summary>
    public string? RollForward { get; init; }

    /// <summary>Whether it uses ASP.NET Core, and so takes its address from ASPNETCORE_URLS.</summary>
    public bool AspNetCore { get; init; }

    /// <summary>The total size of its files in bytes.</summary>
    public long Bytes { get; init; }
}

/// <summary>Specifies the kind of an artifact.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArtifactKind>))]
public enum ArtifactKind
{
    /// <summary>A publish folder.</summary>
    [JsonStringEnumMemberName("folder")] Folder,

    /// <summary>A container image.</summary>
    [JsonStringEnumMemberName("image")] Image,
}

/// <summary>Represents a shared framework, as in <c>*.runtimeconfig.json</c>.</summary>
/// <param name="Name">The name, for example <c>Microsoft.AspNetCore.App</c>.</param>
/// <param name="Version">The minimum version, for example <c>10.0.0</c>.</param>
public sealed record Framework(string Name, string Version) : Extensible;
