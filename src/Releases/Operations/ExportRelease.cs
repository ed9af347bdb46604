namespace Releases;

/// <summary>
/// Writes a release to a file that <see cref="ImportRelease"/> and container image tools can read. Its environment isn't included.
/// </summary>
public sealed class ExportRelease(OperationContext context)
{
    /// <summary>Writes the file, which is either complete or missing.</summary>
    /// <param name="app">The app.</param>
    /// <param name="reference">The release.</param>
    /// <param name="file">Returns the absolute path of the file for a release; an existing file is replaced.</param>
    /// <param name="cancel">Cancels the export.</param>
    public async Task<ExportedRelease> Run(AppName app, ReleaseReference reference, Func<Release, string> file,
        CancellationToken cancel = default)
    {
        await context.Store.RequireApp(app, cancel);
        var release = await context.Store.RequireRelease(app, reference, cancel);
        release.RequireNotPruned();
        var path = file(release);
        if (FileTarget.Refused(path) is { } refused) throw NotWritten(refused).ToException();
        var packed = await new PackRelease(context.Rack).Run(release, cancel);
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
        try
        {
            return await AtomicFile.Write(FileTarget.Followed(path), async to =>
            {
                await using var writer = new ReleaseFileWriter(to);
                return await writer.Write(packed, contents, cancel);
            });
        }
        catch (InvalidDataException changed)
        {
            throw new Problem(
                ProblemCode.DamagedArtifact, $"an artifact changed while it was read: {changed.Message}.",
                "Run the command again.", Unchanged: Problem.NothingWasExported).ToException(changed);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw NotWritten(FileTarget.Failed(failure, path)).ToException(failure);
        }
    }

    private static Problem NotWritten(FileTarget target) => new(
        ProblemCode.ReleaseFile, $"{target.Message}",
        Remedy.Pass(OperationOption.Output, target.Remedy, "<file>"), Unchanged: Problem.NothingWasExported);
}

/// <summary>Represents a release in a file.</summary>
/// <param name="Release">The release.</param>
/// <param name="File">The path of the file.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Digest">The digest of the record, which refers to everything in the file.</param>
public sealed record ExportedRelease(Release Release, string File, long Bytes, string Digest);
