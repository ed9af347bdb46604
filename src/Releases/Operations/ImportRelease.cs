namespace Releases;

/// <summary>
/// Creates a build and a release from a file that <see cref="ExportRelease"/> wrote, on this or another rack. Deploys nothing.
/// </summary>
public sealed class ImportRelease(OperationContext context)
{
    /// <summary>
    /// Imports the release. The whole file is verified before anything is stored. Fails with <see cref="ProblemCode.ReleaseFile"/>, or with
    /// <see cref="ProblemCode.NotSupported"/> if the rack runs another kind of artifact.
    /// </summary>
    /// <param name="file">The absolute path of the file.</param>
    /// <param name="app">The app that receives the release, created if it doesn't exist; if null, the app with its original name.</param>
    /// <param name="digest">The expected digest of the record, or null to accept any.</param>
    /// <param name="cancel">Cancels the import.</param>
    public async Task<CreatedRelease> Run(string file, AppName? app, string? digest, CancellationToken cancel = default)
    {
        if (digest is not null && !OciDescriptor.IsDigest(digest))
            throw new Problem(
                ProblemCode.Usage, $"'{digest}' isn't a digest: sha256: and 64 hex digits.",
                "Pass the one that the export printed.", ProblemKind.Usage, Unchanged: Problem.NothingWasStored).ToException();
        await using var reader = await ReleaseFileReader.Open(file, cancel);
        if (digest is not null && digest != reader.Digest)
            throw new Problem(
                ProblemCode.ReleaseFile, $"'{file}' has the release {reader.Digest}, and {digest} was expected.",
                "Get the file again from where it was exported.", Unchanged: Problem.NothingWasStored).ToException();
        return await new ReceiveRelease(context).Run(app ?? reader.Release.Origin.App, reader.Release, reader.Content, cancel);
    }
}
