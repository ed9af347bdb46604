using Microsoft.AspNetCore.Http;

namespace Releases.Tool;

/// <summary>Checks that a release matches its record and can be promoted. This reads every artifact and changes nothing.</summary>
internal static class VerifyPage
{
    public static async Task<IResult> Show(PageRequest request)
    {
        var app = await request.App();
        var verified = await new VerifyRelease(request.Operations()).Run(app.Name, request.ReleaseReference, request.Cancel);
        var result = new AspNetCoreGeneratedDocument.Console_Pages_Verify { Model = verified, Request = request };
        return new Page($"v{verified.Release.Number} verified", result)
        {
            AppStatus = await AppStatus.Read(app, request.Store, request.Cancel),
            Tab = "releases",
        };
    }
}
