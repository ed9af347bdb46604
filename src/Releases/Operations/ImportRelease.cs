namespace Releases;

/// <summary>Makes a build and a release of a file that <see cref="ExportRelease"/> wrote, on this or another rack. Deploys
/// nothing.</summary>
public sealed class ImportRelease(OperationContext context)
{
    /// <summary>
    /// Imports it. The whole file is verified before anything is stored. Fails with <see cref="ProblemCode.ReleaseFile"/>, or with
    /// <see cref="ProblemCode.NotSupported"/> where the rack runs another kind of artifact.
    /// </summary>
    /// <param name="file">The file, absolute.</param>
    /// <param name="app">The app that it becomes a release of, made where it is missing; null: one of the name that it had.</param>
    /// <param name="digest">What the record's digest has to be; null: whatever it is.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task<CreatedRelease> Run(string file, AppName? app, string? digest, CancellationToken cancel = default)
    {
        await using var reader = await ReleaseFileReader.Open(file, cancel);
        if (digest is not null && digest != reader.Digest)
            throw new Problem(
                ProblemCode.ReleaseFile, $"'{file}' has the release {reader.Digest}, and {digest} was expected. Nothing was stored.",
                "Get the file again from where it was exported.").ToException();
        return await new ReceiveRelease(context).Run(app ?? reader.Release.Origin.App, reader.Release, reader.Content, cancel);
    }
}
