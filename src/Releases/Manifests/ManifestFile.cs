using System.Text;

namespace Releases;

/// <summary>Represents the <c>convox.yml</c> of an app's folder.</summary>
/// <param name="Text">The text of the file.</param>
/// <param name="Manifest">The parsed manifest.</param>
/// <param name="Warnings">The settings in it that are ignored.</param>
public sealed record ManifestFile(string Text, Manifest Manifest, IReadOnlyList<Problem> Warnings)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the folder's file; returns null if there is none. Fails with <see cref="ProblemCode.Manifest"/>.</summary>
    public static async Task<ManifestFile?> Read(string folder, CancellationToken cancel = default)
    {
        var path = Path.Combine(folder, ManifestReader.FileName);
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > ManifestReader.MaximumBytes)
            throw new Problem(
                ProblemCode.Manifest,
                $"the file is larger than {ManifestReader.MaximumBytes / 1024} KiB, the limit. No release was created.",
                "Remove what no service needs.", Location: new(path, 1, 1)).ToException();
        var text = await ReadText(path, cancel);
        var reading = ManifestReader.Read(text, path);
        return new(text, reading.Require(), reading.Warnings);
    }

    /// <summary>Invalid bytes aren't replaced, because a release stores the text verbatim.</summary>
    private static async Task<string> ReadText(string path, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(path, Strict, cancel);
        }
        catch (DecoderFallbackException malformed)
        {
            throw new Problem(ProblemCode.Manifest, "the file isn't UTF-8 text.", "Save it as UTF-8.", Location: new(path, 1, 1))
                .ToException(malformed);
        }
    }
}
