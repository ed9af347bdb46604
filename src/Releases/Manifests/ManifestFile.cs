using System.Text;

namespace Releases;

/// <summary>Represents the <c>convox.yml</c> of an app's folder.</summary>
/// <param name="Text">The text of the file.</param>
/// <param name="Manifest">The parsed manifest.</param>
/// <param name="Warnings">The settings in it that are ignored.</param>
public sealed record ManifestFile(string Text, Manifest Manifest, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Those of the warnings that concern only local racks.</summary>
    public IReadOnlyList<Problem> WarningsOfLocalRack { get; init; } = [];

    private const char ByteOrderMark = '\uFEFF';

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the folder's file; returns null if there is none. Fails with <see cref="ProblemCode.Manifest"/>.</summary>
    public static async Task<ManifestFile?> Read(string folder, CancellationToken cancel = default)
    {
        var path = Path.Combine(folder, ManifestReader.FileName);
        if (!Path.Exists(path)) return OtherName(folder) is { } other ? throw Misnamed(other) : null;
        var text = await ReadText(path, cancel);
        var reading = ManifestReader.Read(text, path);
        return new(text, reading.Require(), reading.Warnings) { WarningsOfLocalRack = reading.WarningsOfLocalRack };
    }

    /// <summary>Returns where a service has its <c>build</c>, or else its name.</summary>
    /// <param name="service">The service.</param>
    /// <param name="folder">The app's folder.</param>
    internal SourceLocation LocationOf(ServiceName service, string folder)
    {
        var diagnostics = new ManifestDiagnostics(ManifestReader.FileName);
        var named = Entry(Entry(YamlReader.Read(Text, diagnostics), "services")?.Value, service.ToString());
        var key = (Entry(named?.Value, "build") ?? named)?.Key;
        return new(Path.Combine(folder, ManifestReader.FileName), key?.Line ?? 1, key?.Column ?? 1);

        YamlEntry? Entry(YamlValue? value, string name) => value is YamlMap map
            ? ManifestSection.Merged(map, diagnostics).FirstOrDefault(e => e.Key.Text == name) : null;
    }

    /// <summary>
    /// Invalid bytes aren't replaced, because a release stores the text verbatim. No more than the limit is read, whatever the file is.
    /// </summary>
    private static async Task<string> ReadText(string path, CancellationToken cancel)
    {
        try
        {
            // A named pipe is opened once somebody writes to it, which can't be interrupted.
            await using var file = await Task.Run(
                () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous),
                CancellationToken.None).WaitAsync(cancel);
            var bytes = new byte[ManifestReader.MaximumBytes + 1];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
            if (length > ManifestReader.MaximumBytes)
                throw Problem(
                    path, $"the file is larger than {ManifestReader.MaximumBytes / 1024} KiB, the limit. No release was created.",
                    "Remove what no service needs.").ToException();
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), Strict, detectEncodingFromByteOrderMarks: false);
            return (await reader.ReadToEndAsync(cancel)).TrimStart(ByteOrderMark);
        }
        catch (DecoderFallbackException malformed)
        {
            throw Problem(path, "the file isn't UTF-8 text.", "Save it as UTF-8.").ToException(malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            var why = unreadable is FileNotFoundException && new FileInfo(path).LinkTarget is { } target
                ? $"it is a link to '{target}', which doesn't exist" : FailureReason.OfFile(unreadable, path);
            throw Problem(path, $"the file can't be read: {why}.", "Replace it with a file that this user can read.")
                .ToException(unreadable);
        }
    }

    /// <summary>Returns a file that is likely meant to be the manifest, which would otherwise be ignored.</summary>
    private static string? OtherName(string folder) => !Directory.Exists(folder) ? null : Directory
        .EnumerateFiles(
            folder, "convox.y*ml", new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, IgnoreInaccessible = true })
        .FirstOrDefault(f => Path.GetExtension(f).ToLowerInvariant() is ".yml" or ".yaml");

    private static ProblemException Misnamed(string file) => Problem(
        file, $"the file isn't used, because its name isn't {ManifestReader.FileName}.",
        $"Rename it to {ManifestReader.FileName}, or to another name if it isn't meant.").ToException();

    private static Problem Problem(string path, string message, string remedy) =>
        new(ProblemCode.Manifest, message, remedy, Location: new(path, 1, 1));
}
