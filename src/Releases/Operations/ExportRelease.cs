namespace Releases;

/// <summary>Writes a release into a file, which <see cref="ImportRelease"/> and tools for images read. Its environment isn't in
/// it.</summary>
public sealed class ExportRelease(OperationContext context)
{
    /// <summary>Writes it under a temporary name and renames it, so that the file is there whole or not at all.</summary>
    /// <param name="app">The app.</param>
    /// <param name="reference">The release.</param>
    /// <param name="file">The file for a release, absolute; one that is there is replaced.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<ExportedRelease> Run(AppName app, ReleaseReference reference, Func<Release, string> file,
        CancellationToken cancel = default)
    {
        await context.Store.RequireApp(app, cancel);
        var release = await context.Store.RequireRelease(app, reference, cancel);
        release.RequireNotPruned();
        var packed = await new PackRelease(context.Rack).Run(release, cancel);
        var path = file(release);
        var contents = new Dictionary<ServiceName, IArtifactContent>();
        try
        {
            foreach (var (name, service) in packed.Services)
                if (await context.Rack.Artifacts.Open(service.Artifact, cancel) is { } content) contents[name] = content;
            var digest = await Write(path, packed, contents, cancel);
            return new(release, path, new FileInfo(path).Length, digest);
        }
        finally
        {
            foreach (var content in contents.Values) await content.DisposeAsync();
        }
    }

    private static async Task<string> Write(
        string path, PortableRelease packed, Dictionary<ServiceName, IArtifactContent> contents, CancellationToken cancel)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            string digest;
            await using (var to = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            await using (var writer = new ReleaseFileWriter(to)) digest = await writer.Write(packed, contents, cancel);
            File.Move(temporary, path, overwrite: true);
            return digest;
        }
        catch (InvalidDataException changed)
        {
            throw new Problem(
                ProblemCode.DamagedArtifact, $"an artifact isn't what it was a moment ago: {changed.Message}. Nothing was exported.",
                "Run the command again.").ToException(changed);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new Problem(
                ProblemCode.ReleaseFile, $"'{path}' can't be written: {failure.Message.TrimEnd('.')}. Nothing was exported.",
                "Choose another file with --output.").ToException(failure);
        }
        finally
        {
            // Without its folder there is none, and deleting would fail with an error that hides the first.
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }
}

/// <summary>A release in a file.</summary>
/// <param name="Release">The release.</param>
/// <param name="File">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Digest">The digest of its record, which names everything in it.</param>
public sealed record ExportedRelease(Release Release, string File, long Bytes, string Digest);
