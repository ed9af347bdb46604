using System.Text.RegularExpressions;

namespace Releases;

/// <summary>The address of a rack: <c>local</c>, <c>local:&lt;folder&gt;</c> or <c>aws://&lt;region&gt;/&lt;cluster&gt;</c>.</summary>
public abstract partial record RackAddress
{
    private const string Local = "local";

    private RackAddress()
    {
    }

    /// <summary>The rack on this machine.</summary>
    /// <param name="Folder">Its home, absolute; null: the user's usual one.</param>
    public sealed record OnThisMachine(string? Folder) : RackAddress
    {
        /// <inheritdoc/>
        public override string ToString() => Folder is null ? Local : $"{Local}:{Folder}";
    }

    /// <summary>A cluster of Amazon ECS.</summary>
    /// <param name="Region">The region, for example <c>eu-west-1</c>.</param>
    /// <param name="Cluster">The cluster's name.</param>
    public sealed record OnAws(string Region, string Cluster) : RackAddress
    {
        /// <inheritdoc/>
        public override string ToString() => $"aws://{Region}/{Cluster}";
    }

    /// <summary>Reads an address, or refuses with <see cref="ProblemCode.RackAddress"/>.</summary>
    /// <param name="text">The address.</param>
    /// <param name="currentFolder">What a relative folder is relative to.</param>
    public static RackAddress Parse(string text, string currentFolder)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == Local) return new OnThisMachine(null);
        if (text.StartsWith(Local + ":", StringComparison.Ordinal) && text[(Local.Length + 1)..] is { Length: > 0 } folder && !folder.Contains('\0', StringComparison.Ordinal))
            return new OnThisMachine(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder, currentFolder)));
        if (Aws().Match(text) is { Success: true } aws) return new OnAws(aws.Groups[1].Value, aws.Groups[2].Value);
        throw new Problem(
            ProblemCode.RackAddress, $"'{text}' is not the address of a rack.",
            "An address is local, local:<folder>, or aws://<region>/<cluster>.", ProblemKind.Usage).ToException();
    }

    /// <summary>Regions as in <c>us-gov-west-1</c>; clusters as ECS names them, up to 255 letters, digits, hyphens and underscores.</summary>
    [GeneratedRegex(@"\Aaws://([a-z]{2,}(?:-[a-z]+)+-[0-9]+)/([A-Za-z0-9_-]{1,255})/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Aws();
}
