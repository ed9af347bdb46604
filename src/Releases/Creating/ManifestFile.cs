namespace Releases;

/// <summary>The <c>convox.yml</c> of an app's folder.</summary>
/// <param name="Text">As it is in the file.</param>
/// <param name="Manifest">What it says.</param>
/// <param name="Warnings">What it has that is ignored.</param>
public sealed record ManifestFile(string Text, Manifest Manifest, IReadOnlyList<Problem> Warnings)
{
    /// <summary>The folder's file; null where there is none. Fails with <see cref="ProblemCode.Manifest"/>.</summary>
    public static async Task<ManifestFile?> Read(string folder, CancellationToken cancel = default)
    {
        var path = Path.Combine(folder, ManifestReader.FileName);
        if (!File.Exists(path)) return null;
        if (new FileInfo(path).Length > ManifestReader.MaximumBytes)
            throw new Problem(
                ProblemCode.Manifest, $"This is larger than {ManifestReader.MaximumBytes / 1024} KiB, the most that is read.",
                Location: new(path, 1, 1)).ToException();
        var text = await File.ReadAllTextAsync(path, cancel);
        var reading = ManifestReader.Read(text, path);
        return new(text, reading.Require(), reading.Warnings);
    }
}
