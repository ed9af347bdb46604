using System.Text.Json.Serialization;

namespace Releases;

/// <summary>What a publish produced for one service, named by its content.</summary>
public sealed record Artifact : Extensible
{
    /// <summary><c>sha256:</c> and 64 hex digits: over every file's path, mode and link target for a folder, the image's digest for an
    /// image.</summary>
    public required string Digest { get; init; }

    /// <summary>A folder or an image.</summary>
    public required ArtifactKind Kind { get; init; }

    /// <summary>Where an image lies, <c>registry/repository@digest</c>; null for a folder.</summary>
    public string? Reference { get; init; }

    /// <summary>An image by its reference.</summary>
    public static Artifact ImageOf(string reference) =>
        new() { Digest = reference[(reference.LastIndexOf('@') + 1)..], Kind = ArtifactKind.Image, Reference = reference };

    /// <summary>The file that starts a folder: an executable (<c>Hello</c>) or an assembly for <c>dotnet</c> (<c>Hello.dll</c>).</summary>
    public string? EntryPoint { get; init; }

    /// <summary>The runtime identifiers it runs on; empty: any.</summary>
    public IReadOnlyList<string> RuntimeIdentifiers { get => field ?? []; init; }

    /// <summary>The shared frameworks that it needs on the machine; empty for self-contained and native programs.</summary>
    public IReadOnlyList<Framework> Frameworks { get => field ?? []; init; }

    /// <summary>Whether it uses ASP.NET Core and so takes its address from ASPNETCORE_URLS.</summary>
    public bool AspNetCore { get; init; }

    /// <summary>The size of all files in bytes.</summary>
    public long Bytes { get; init; }
}

/// <summary>The two kinds of artifact.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ArtifactKind>))]
public enum ArtifactKind
{
    /// <summary>A publish folder.</summary>
    [JsonStringEnumMemberName("folder")] Folder,

    /// <summary>A container image.</summary>
    [JsonStringEnumMemberName("image")] Image,
}

/// <summary>A shared framework, as in <c>*.runtimeconfig.json</c>.</summary>
/// <param name="Name">For example <c>Microsoft.AspNetCore.App</c>.</param>
/// <param name="Version">The lowest version that will do, for example <c>10.0.0</c>.</param>
public sealed record Framework(string Name, string Version) : Extensible;
