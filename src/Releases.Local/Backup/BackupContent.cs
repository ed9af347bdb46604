using System.Text;

namespace Releases.Local;

/// <summary>
/// Represents a backup that was read and verified: everything that its index names is in the file and matches its digest.
/// </summary>
internal sealed class BackupContent : IAsyncDisposable
{
    private const int MaxMark = 64 * 1024;
    private const int MaxIndex = 1024 * 1024 * 1024;
    private readonly BlobTarReader _tar;

    private BackupContent(BlobTarReader tar)
    {
        _tar = tar;
        var mark = StoredDocument.Read(Text(BackupMark.EntryName, MaxMark), BackupJson.Default.BackupMark);
        Index = StoredDocument.Read(Text(BlobTarWriter.PathOf(mark.Index), MaxIndex), BackupJson.Default.BackupIndex);
        foreach (var part in Index.Parts) tar.OpenBlob(part.Blob).Dispose();
        Artifacts = [.. Index.Artifacts.Select(a => (a, a.Folder()))];
    }

    public BackupIndex Index { get; }

    /// <summary>Gets the artifacts with their publish folders.</summary>
    public IReadOnlyList<(BackupArtifact Artifact, PublishFolder Folder)> Artifacts { get; }

    /// <summary>Opens and verifies a file. Fails with <see cref="ProblemCode.Backup"/> before any of it is used.</summary>
    public static async Task<BackupContent> Open(string file, CancellationToken cancel)
    {
        BlobTarReader? tar = null;
        try
        {
            tar = await BlobTarReader.Open(file, cancel);
            return new(tar);
        }
        catch (Exception wrong) when (BackupProblems.Reading(wrong, file) is { } problem)
        {
            if (tar is not null) await tar.DisposeAsync();
            throw problem.ToException(wrong);
        }
    }

    /// <summary>Reads a part that fits into memory.</summary>
    public byte[] Read(BackupPart part)
    {
        using var content = new VerifiedStream(_tar.OpenBlob(part.Blob), part.Blob);
        using var read = new MemoryStream();
        content.CopyTo(read);
        return read.ToArray();
    }

    /// <summary>Writes a part to a new file and verifies its digest again.</summary>
    public void Extract(BackupPart part, string to)
    {
        using var content = new VerifiedStream(_tar.OpenBlob(part.Blob), part.Blob);
        using var made = PrivateFiles.CreateNew(to);
        content.CopyTo(made);
        made.Flush(flushToDisk: true);
    }

    public ValueTask DisposeAsync() => _tar.DisposeAsync();

    private string Text(string entry, int most) => Encoding.UTF8.GetString(_tar.Document(entry, most));
}
